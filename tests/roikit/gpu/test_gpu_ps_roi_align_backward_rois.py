"""The CUDA kernel of position-sensitive RoIAlign's gradient by the boxes, on the CPU."""

import numpy as np
import pytest
from gradients import boxes_anywhere

import roikit
from roikit.gpu import _simt, ps_roi_align_backward_rois


def by_boxes(on, grad, features, rois, groups, ratio=(0, 0), aligned=True):
    """The gradient, every element of which held NaN before."""
    out = np.full((len(rois), 4), np.nan)
    given = (grad, features, np.asarray(rois), out, 1.0, ratio, groups, aligned)
    _simt.run(ps_roi_align_backward_rois.ps_roi_align_backward_rois, on, (3,), *given)
    return out


def random_case(dtype=np.float32):
    rng = np.random.default_rng(0)
    grad = rng.standard_normal((9, 2, 3, 2)).astype(dtype)
    return grad, rng.standard_normal((2, 12, 6, 7)).astype(dtype), boxes_anywhere(rng, 9, 2, 6)


def test_each_bin_feels_the_slope_of_its_own_map():
    maps = np.array([[[[0, 1, 2, 3]] * 2, [[0, 10, 20, 30]] * 2]], np.float32)
    on = _simt.SimtDevice(mode="check")
    got = by_boxes(on, np.ones((1, 1, 1, 2), np.float32), maps, [[0.0, 1, 0, 3, 2]], (1, 2))
    assert got.tolist() == [[3.25, 0, 7.75, 0]]


@pytest.mark.parametrize("aligned", [True, False])
def test_the_checker_finds_nothing_and_it_is_what_the_cpu_says(aligned):
    grad, features, rois = random_case()
    got = by_boxes(_simt.SimtDevice(mode="check"), grad, features, rois, (2, 3), (0, 2), aligned)
    with roikit.use_backend("plain"):
        options = {"group_size": (2, 3), "aligned": aligned}
        expected = roikit.ps_roi_align_backward_rois(grad, features, rois, 1.0, (0, 2), **options)
    np.testing.assert_allclose(got, expected, rtol=0, atol=1e-5)


def test_the_same_bits_in_every_order_of_threads():
    orders = ("forward", "reverse", "random:1")
    results = [by_boxes(_simt.SimtDevice(order=order), *random_case(), (2, 3)).tobytes() for order in orders]
    assert len(set(results)) == 1


def test_no_channels_give_no_gradient():
    grad, features, rois = random_case()
    assert not by_boxes(_simt.SimtDevice(), grad[:, :0], features[:, :0], rois, (2, 3)).any()


def test_a_faulty_box_gives_nan_and_is_noted():
    on = _simt.SimtDevice(mode="check")
    on.fault = np.zeros(4)
    grad, rois = np.ones((6, 1, 1, 1), np.float32), np.tile([0.0, 0, 0, 4, 4], (6, 1))
    rois[0, 0], rois[1, 0], rois[2, 3], rois[3, 4], rois[4, 3] = 7, 0.5, np.nan, 1e30, 5000
    got = by_boxes(on, grad, np.ones((1, 1, 4, 4), np.float32), rois, (1, 1))
    assert np.isnan(got).all(axis=1).tolist() == [True] * 5 + [False]
    assert 1 <= on.fault.view(np.uint64)[0] <= 5
