"""The CUDA kernels of position-sensitive RoIAlign's gradient by the map, on the CPU."""

import numpy as np
import pytest
from gpu_gradients import assert_close, device
from gradients import boxes_anywhere

import roikit
from roikit.gpu import _simt, ps_roi_align_backward

both_kinds = pytest.mark.parametrize("kind", ["plain", "atomic"])


def give_back(on, grad, rois, shape, groups, ratio=(0, 0), aligned=True):
    """The gradient by a map of this shape, every element of which held NaN before."""
    out = np.full(shape, np.nan, grad.dtype)
    given = (grad, np.asarray(rois), out, 1.0, ratio, groups, aligned)
    _simt.run(ps_roi_align_backward.ps_roi_align_backward, on, (2,), *given)
    return out


def random_case():
    rng = np.random.default_rng(0)
    return rng.standard_normal((9, 2, 3, 2)).astype(np.float32), boxes_anywhere(rng, 9, 2, 6), (2, 12, 6, 7)


@both_kinds
def test_each_bin_gives_to_the_neighbours_of_its_samples_on_its_own_map(kind):
    grad = np.array([[[[8, 2]]]], np.float32)
    got = give_back(device(kind, mode="check"), grad, [[0, 0.5, 0, 2.5, 1]], (1, 2, 1, 4), (1, 2))
    assert got.tolist() == [[[[4, 4, 0, 0]], [[0, 1, 1, 0]]]]


@both_kinds
@pytest.mark.parametrize("aligned", [True, False])
def test_the_checker_finds_nothing_and_it_is_what_the_cpu_says(kind, aligned):
    grad, rois, shape = random_case()
    got = give_back(device(kind, mode="check"), grad, rois, shape, (2, 3), (0, 2), aligned)
    with roikit.use_backend("plain"):
        options = {"group_size": (2, 3), "aligned": aligned}
        wide = grad.astype(np.float64)
        expected = roikit.ps_roi_align_backward(wide, rois, shape, 1.0, (0, 2), **options)
    assert_close(got, expected)


def test_the_same_bits_in_every_order_of_threads():
    grad, rois, shape = random_case()
    devices = [device("plain", order=order) for order in ("forward", "reverse", "random:1")]
    results = [give_back(on, grad, rois, shape, (2, 3)).tobytes() for on in devices]
    assert len(set(results)) == 1


@both_kinds
def test_a_faulty_box_gives_nothing_and_is_noted(kind):
    on = device(kind, mode="check")
    on.fault = np.zeros(4)
    grad, rois = np.ones((6, 1, 1, 1), np.float32), np.tile([0.0, 0, 0, 1, 1], (6, 1))
    rois[0, 0], rois[1, 0], rois[2, 3], rois[3, 4], rois[4, 3] = 7, 0.5, np.nan, 1e30, 5000
    got = give_back(on, grad, rois, (1, 1, 2, 2), (1, 1))
    assert got.tolist() == [[[[1, 0], [0, 0]]]]
    assert 1 <= on.fault.view(np.uint64)[0] <= 5
