"""The gradient of RoI max pooling: it lands where the maximum was found."""

import numpy as np
import pytest
from gradients import boxes_anywhere, central_differences
from hypothesis import given
from hypothesis import strategies as st

import roikit
from roikit import roi_pool, roi_pool_backward
from roikit.convention import POOLING

pytestmark = pytest.mark.usefixtures("backend")

BOX = [[0, 0, 0, 3, 1]]


def give_back(grad, argmax, size=(2, 4)):
    """What one channel's bins of one box give to a map of this size."""
    grad, argmax = np.array(grad, np.float64)[None, None], np.array(argmax)[None, None]
    return roi_pool_backward(grad, BOX, argmax, (1, 1, *size))[0, 0].tolist()


# --- by hand ----------------------------------------------------------------------------------------------


def test_a_bin_gives_all_to_one_cell():
    assert give_back([[5]], [[6]]) == [[0, 0, 0, 0], [0, 0, 5, 0]]  # 6 is row 1, column 2 of 4


def test_bins_with_one_maximum_add_up():
    assert give_back([[1, 10], [100, 1000]], [[6, 6], [0, 6]]) == [[100, 0, 0, 0], [0, 0, 1011, 0]]


def test_minus_one_is_no_cell():
    assert give_back([[5, 7]], [[-1, 0]]) == [[7, 0, 0, 0], [0, 0, 0, 0]]
    assert not np.any(give_back([[np.nan]], [[-1]]))


def test_a_nan_goes_where_it_belongs():
    got = np.array(give_back([[np.nan, 2]], [[1, 2]]))
    assert np.isnan(got[0, 1])
    assert np.nansum(got) == 2


def test_images_and_channels_are_apart():
    grad = np.array([[[[1.0]], [[2.0]]], [[[4.0]], [[8.0]]], [[[16.0]], [[32.0]]]])
    argmax = np.zeros((3, 2, 1, 1), int)
    got = roi_pool_backward(grad, [[1, 0, 0, 1, 1], [0, 0, 0, 1, 1], [1, 0, 0, 1, 1]], argmax, (2, 2, 1, 2))
    assert got[:, :, 0, 0].tolist() == [[4, 8], [17, 34]]
    assert not got[..., 1].any()


# --- it is the gradient -----------------------------------------------------------------------------------

ADDED_UP = [name for name in POOLING if name != "chainer"]  # whose empty bins are -inf


@given(seed=st.integers(0, 2**32), convention=st.sampled_from(ADDED_UP))
def test_it_is_what_central_differences_say(seed, convention):
    """No two cells are nearer than 1, so that no step of a quarter changes a maximum."""
    rng = np.random.default_rng(seed)
    features, rois, size = 1.0 * rng.permutation(72).reshape(2, 2, 3, 6), boxes_anywhere(rng, 3), (2, 3)
    bins, argmax = roi_pool(features, rois, size, convention=convention, return_argmax=True)
    grad = rng.integers(-8, 9, bins.shape).astype(float)
    with roikit.use_backend("cpu"):
        expected = central_differences(
            lambda maps: (grad * roi_pool(maps, rois, size, convention=convention)).sum(), features, step=0.25
        )
    assert np.array_equal(roi_pool_backward(grad, rois, argmax, features.shape), expected)


def test_what_has_a_cell_is_not_lost():
    rng = np.random.default_rng(0)
    features, rois = rng.normal(size=(2, 3, 6, 7)), boxes_anywhere(rng, 20)
    bins, argmax = roi_pool(features, rois, (3, 2), return_argmax=True)
    grad = rng.integers(-9, 10, bins.shape).astype(float)
    assert roi_pool_backward(grad, rois, argmax, features.shape).sum() == grad[argmax >= 0].sum()
    assert (argmax == -1).any()


# --- the arrays -------------------------------------------------------------------------------------------


def case(dtype=np.float64):
    rng = np.random.default_rng(1)
    grad, argmax = rng.normal(size=(9, 3, 2, 3)).astype(dtype), rng.integers(-1, 20, (9, 3, 2, 3))
    return grad, boxes_anywhere(rng, 9), argmax, (2, 3, 4, 5)


@pytest.mark.parametrize("dtype", [np.float16, np.float32])
def test_narrow_floats_are_added_up_in_float64_and_rounded_once(dtype):
    grad, *rest = case(dtype)
    got = roi_pool_backward(grad, *rest)
    assert got.dtype == dtype
    assert np.array_equal(got, roi_pool_backward(grad.astype(np.float64), *rest).astype(dtype))


@pytest.mark.parametrize("dtype", ["i4", "i8", ">i4", ">i8", np.longlong])
def test_argmax_of_either_width(dtype):
    grad, rois, argmax, shape = case()
    expected = roi_pool_backward(grad, rois, argmax, shape)
    assert np.array_equal(roi_pool_backward(grad, rois, argmax.astype(dtype), shape), expected)


def test_any_strides():
    grad, rois, argmax, shape = case()
    expected = roi_pool_backward(grad, rois, argmax, shape)
    grad, argmax = np.asfortranarray(grad), np.repeat(argmax, 2, axis=2)[:, :, ::2]
    assert np.array_equal(roi_pool_backward(grad, rois, argmax, shape), expected)


@pytest.mark.parametrize("layout", ["NCHW", "NHWC"])
def test_layouts_and_out(layout):
    grad, rois, argmax, shape = case()
    expected = roi_pool_backward(grad, rois, argmax, shape)
    if layout == "NHWC":
        grad, argmax, expected = (array.transpose(0, 2, 3, 1) for array in (grad, argmax, expected))
    out = np.full(expected.shape, np.nan)
    got = roi_pool_backward(grad, rois, argmax, expected.shape, layout=layout, out=out)
    assert got is out
    assert np.array_equal(out, expected)
    fresh = roi_pool_backward(grad, rois, argmax, expected.shape, layout=layout)
    assert np.array_equal(fresh, expected)


def test_no_boxes_no_channels_no_images():
    for K, N, C in ((0, 2, 3), (0, 0, 3), (1, 1, 0)):
        bins, rois = np.zeros((K, C, 2, 2)), np.zeros((K, 5))
        got = roi_pool_backward(bins, rois, bins.astype(int), (N, C, 4, 5))
        assert got.shape == (N, C, 4, 5)
        assert not got.any()
