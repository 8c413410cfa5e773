"""The CUDA kernels of maxima's gradients, which RoIAlign and its position-sensitive kin share, on the CPU."""

import numpy as np
import pytest
from gpu_gradients import assert_close, device
from gradients import boxes_anywhere

import roikit
from roikit.gpu import _simt, maxima

both_kinds = pytest.mark.parametrize("kind", ["plain", "atomic"])
modes = pytest.mark.parametrize("mode", ["max", "max_corners"])


def give_back(on, grad, rois, features, groups=(1, 1), ratio=(1, 2), mode="max", empty_value=0.0):
    """The gradient by the map, every element of which held NaN before."""
    out = np.full(features.shape, np.nan, grad.dtype)
    given = (grad, np.asarray(rois), out, 1.0, ratio, groups, False, mode, features, empty_value)
    _simt.run(maxima.by_map, on, (2,), *given)
    return out


def by_boxes(on, grad, rois, features, groups=(1, 1), ratio=(1, 2), mode="max", empty_value=0.0):
    out = np.full((len(rois), 4), np.nan)
    given = (grad, features, np.asarray(rois), out, 1.0, ratio, groups, False, mode, empty_value)
    _simt.run(maxima.by_boxes, on, (3,), *given)
    return out


def random_case(dtype=np.float32):
    """Few distinct values: there are equals, and a map of floats finds the same first one."""
    rng = np.random.default_rng(0)
    features = (rng.integers(-3, 4, (2, 12, 6, 7)) / 2).astype(dtype)
    return rng.standard_normal((9, 2, 3, 2)).astype(dtype), boxes_anywhere(rng, 9, 2, 6), features


@both_kinds
def test_the_largest_sample_gives_to_its_neighbours_and_no_other_does(kind):
    features = np.array([[[[8, 4, 0], [0, 4, 12]]]], np.float32)
    grad, box = np.full((1, 1, 1, 1), 8, np.float32), [[0.0, 0, 0, 2, 1]]
    on = device(kind, mode="check")
    assert give_back(on, grad, box, features).tolist() == [[[[0, 2, 2], [0, 2, 2]]]]
    assert give_back(on, grad, box, features, mode="max_corners").tolist() == [[[[0, 0, 0], [0, 0, 2]]]]


def test_the_largest_sample_moves():
    """At 3/4 of a box on a map that rises by 1 a column."""
    features, grad = np.tile(np.arange(6, dtype=np.float32), (1, 1, 6, 1)), np.ones((1, 1, 1, 1), np.float32)
    got = by_boxes(_simt.SimtDevice(mode="check"), grad, [[0.0, 1, 1, 3, 4]], features)
    assert got.tolist() == [[0.25, 0, 0.75, 0]]


@both_kinds
@pytest.mark.parametrize("empty_value", [0.0, -np.inf])
def test_the_checker_finds_nothing_and_it_is_what_the_cpu_says(kind, empty_value):
    grad, rois, features = random_case()
    convention = roikit.Convention("none", "exclusive", "sampled", empty_value=empty_value)
    how = {"group_size": (3, 2), "convention": convention, "mode": "max"}
    got = give_back(device(kind, mode="check"), grad, rois, features, (3, 2), (0, 2), "max", empty_value)
    wide = grad.astype(np.float64), features.astype(np.float64)
    with roikit.use_backend("plain"):
        assert_close(got, roikit.ps_roi_align_backward(
            wide[0], rois, features.shape, 1.0, (0, 2), features=wide[1], **how
        ))
        expected = roikit.ps_roi_align_backward_rois(*wide, rois, 1.0, (0, 2), **how)
    got = by_boxes(device("plain", mode="check"), grad, rois, features, (3, 2), (0, 2), "max", empty_value)
    np.testing.assert_allclose(got, expected, rtol=0, atol=1e-12)


@modes
def test_the_same_bits_in_every_order_of_threads(mode):
    grad, rois, features = random_case()
    grad = np.tile(grad, (1, 6, 1, 1))
    devices = [device("plain", order=order) for order in ("forward", "reverse", "random:1")]
    for gradient in (give_back, by_boxes):
        results = {gradient(on, grad, rois, features, mode=mode).tobytes() for on in devices}
        assert len(results) == 1


def faulty():
    rois = np.tile([0.0, 0, 0, 1, 1], (6, 1))
    rois[0, 0], rois[1, 0], rois[2, 3], rois[3, 4], rois[4, 3] = 7, 0.5, np.nan, 1e30, 5000
    return np.ones((6, 1, 1, 1), np.float32), rois, np.ones((1, 1, 2, 2), np.float32)


@both_kinds
def test_a_faulty_box_gives_nothing_and_is_noted(kind):
    on = device(kind, mode="check")
    on.fault = np.zeros(4)
    got = give_back(on, *faulty(), ratio=(0, 0))
    assert got.tolist() == [[[[0.25, 0.25], [0.25, 0.25]]]]
    assert 1 <= on.fault.view(np.uint64)[0] <= 5


def test_the_gradient_by_a_faulty_box_is_nan():
    on = _simt.SimtDevice(mode="check")
    on.fault = np.zeros(4)
    got = by_boxes(on, *faulty(), ratio=(0, 0))
    assert np.isnan(got[:5]).all()
    assert got[5].tolist() == [0, 0, 0, 0]
