"""The CUDA kernels of position-sensitive pooling's gradient, on the CPU."""

import sys

import numpy as np
import pytest
from gpu_gradients import assert_close, device
from gradients import boxes_anywhere

import roikit
from roikit.gpu import _simt, ps_roi_pool_backward

sys.path.append(str(__file__.rpartition("/")[0]))
import fake_cupy

both_kinds = pytest.mark.parametrize("kind", ["plain", "atomic"])


def give_back(on, grad, rois, shape, groups, convention="exclusive", features=None):
    """The gradient by a map of this shape, every element of which held NaN before; of maxima of features."""
    out = np.full(shape, np.nan, grad.dtype)
    how = (1.0, groups, roikit.CONVENTIONS[convention])
    given = (grad, np.asarray(rois), out, *how, "avg" if features is None else "max", features)
    _simt.run(ps_roi_pool_backward.ps_roi_pool_backward, on, (2,), *given)
    return out


def random_case():
    rng = np.random.default_rng(0)
    return rng.standard_normal((9, 2, 3, 2)).astype(np.float32), boxes_anywhere(rng, 9, 2, 6), (2, 12, 6, 7)


@both_kinds
def test_each_bin_gives_equal_shares_to_its_cells_on_its_own_map(kind):
    grad = np.array([[[[8, 2]]]], np.float32)
    got = give_back(device(kind, mode="check"), grad, [[0.0, 0, 0, 4, 1]], (1, 2, 1, 4), (1, 2))
    assert got.tolist() == [[[[4, 4, 0, 0]], [[0, 0, 1, 1]]]]


@both_kinds
def test_the_first_maximum_of_each_bin_has_its_gradient(kind):
    grad = np.array([[[[8, 2]]]], np.float32)
    maps = np.array([[[[7, 7, 9, 9]], [[8, 8, np.nan, 9]]]], np.float32)
    got = give_back(device(kind, mode="check"), grad, [[0.0, 0, 0, 4, 1]], maps.shape, (1, 2), features=maps)
    assert got.tolist() == [[[[8, 0, 0, 0]], [[0, 0, 2, 0]]]]


@both_kinds
@pytest.mark.parametrize("convention", ["exclusive", "rfcn"])
def test_the_checker_finds_nothing_and_it_is_what_the_cpu_says(kind, convention):
    grad, rois, shape = random_case()
    got = give_back(device(kind, mode="check"), grad, rois, shape, (2, 3), convention)
    with roikit.use_backend("plain"):
        options = {"group_size": (2, 3), "convention": convention}
        expected = roikit.ps_roi_pool_backward(grad.astype(np.float64), rois, shape, **options)
    assert_close(got, expected)


def test_the_same_bits_in_every_order_of_threads():
    grad, rois, shape = random_case()
    devices = [device("plain", order=order) for order in ("forward", "reverse", "random:1")]
    maps = np.random.default_rng(1).standard_normal(shape).astype(np.float32)
    for features in (None, maps):
        results = [give_back(on, grad, rois, shape, (2, 3), features=features).tobytes() for on in devices]
        assert len(set(results)) == 1


@both_kinds
def test_a_faulty_box_gives_nothing_and_is_noted(kind):
    on = device(kind, mode="check")
    on.fault = np.zeros(4)
    grad, rois = np.ones((5, 1, 1, 1), np.float32), np.tile([0.0, 0, 0, 1, 1], (5, 1))
    rois[0, 0], rois[1, 0], rois[2, 3], rois[3, 4] = 7, 0.5, np.nan, 1e30
    maps = np.float32([[[[5, 4], [3, 2]]]])
    for features in (None, maps):
        got = give_back(on, grad, rois, (1, 1, 2, 2), (1, 1), features=features)
        assert got.tolist() == [[[[1, 0], [0, 0]]]]
    assert 1 <= on.fault.view(np.uint64)[0] <= 4


@pytest.mark.parametrize("deterministic", [True, False])
def test_features_on_a_gpu(deterministic):
    """Through the face, on the stand-in for CuPy."""
    grad, rois, shape = random_case()
    maps = np.random.default_rng(1).integers(-2, 3, shape).astype(np.float32)
    options = {"group_size": (2, 3), "mode": "max", "deterministic": deterministic}
    expected = roikit.ps_roi_pool_backward(grad, rois, shape, features=maps, **options)
    with fake_cupy.installed() as cupy:
        given = cupy.asarray(grad), cupy.asarray(rois), shape
        got = roikit.ps_roi_pool_backward(*given, features=cupy.asarray(maps), **options)
        with pytest.raises(TypeError, match=r"^grad and features must both be on a GPU, or neither"):
            roikit.ps_roi_pool_backward(*given, features=maps, **options)
        of_maps = roikit.ps_roi_pool(cupy.asarray(maps), cupy.asarray(rois), 2, group_size=2, mode="max")
    assert_close(got.get(), expected)
    assert np.array_equal(of_maps.get(), roikit.ps_roi_pool(maps, rois, 2, group_size=2, mode="max"))
