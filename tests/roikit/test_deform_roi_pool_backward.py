"""The gradient of deformable RoI pooling by the map: by hand, differences, transposes."""

import numpy as np
import pytest
from gradients import boxes_anywhere, central_differences
from hypothesis import given
from hypothesis import strategies as st

import roikit
from roikit import deform_roi_pool, deform_roi_pool_backward, roi_align_backward

pytestmark = pytest.mark.usefixtures("backend")

# Sums of a few dozen float64 values of size 1.
FEW_ROUNDINGS = 1e-12


def give_back(box, grad, along_x, along_y, sampling_ratio=1, size=(3, 4)):
    """What one channel's bins of one box give to a map of this size."""
    offset = np.array([[along_x, along_y]], np.float64)
    values = np.array(grad)[None, None]
    return deform_roi_pool_backward(
        values, [[0, *box]], offset, (1, 1, *size), 1.0, sampling_ratio, gamma=1.0
    )[0, 0].tolist()


# --- by hand ----------------------------------------------------------------------------------------------


def test_a_bin_gives_where_it_is_shifted_to():
    """The box is 2 cells wide and 1 high, on cells (1, 0) and (1, 1)."""
    box, grad = [0, 1, 2, 2], [[1.0, 10.0]]
    assert give_back(box, grad, [[0, 0]], [[0, 0]]) == [[0] * 4, [1, 10, 0, 0], [0] * 4]
    assert give_back(box, grad, [[0, 1]], [[1, 0]]) == [[0] * 4, [0, 0, 0, 10], [1, 0, 0, 0]]
    assert give_back(box, grad, [[0.5, 0]], [[0, 0]]) == [[0] * 4, [0, 11, 0, 0], [0] * 4]


def test_a_sample_between_cells_gives_to_its_four_neighbours():
    """Shifted by 3/4 of a column and half a row."""
    got = give_back([0, 0, 1, 1], [[8.0]], [[0.75]], [[0.5]])
    assert got == [[1, 3, 0, 0], [1, 3, 0, 0], [0] * 4]


def test_samples_of_a_bin_share_its_gradient_and_those_outside_lose_theirs():
    assert give_back([0, 0, 2, 2], [[16.0]], [[0.5]], [[0]], 2) == [[0, 4, 4, 0], [0, 4, 4, 0], [0] * 4]
    # Columns 4 and 5: the one is clamped to the map, the other outside.
    assert give_back([0, 0, 2, 2], [[16.0]], [[2]], [[0]], 2) == [[0, 0, 0, 4], [0, 0, 0, 4], [0] * 4]
    assert not np.any(give_back([0, 0, 2, 2], [[16.0]], [[9]], [[0]], 2))


def test_boxes_on_one_place_add_up_and_images_are_apart():
    grad, box = np.array([1.0, 10.0, 100.0]).reshape(3, 1, 1, 1), [1, 1, 2, 2]
    offset = np.array([0, 0, 1, 0, 0, 1.0]).reshape(3, 2, 1, 1)
    rois = [[0, *box], [1, *box], [0, *box]]
    got = deform_roi_pool_backward(grad, rois, offset, (2, 1, 4, 4), gamma=1.0)
    assert (got[0, 0, 1, 1], got[1, 0, 1, 2], got[0, 0, 2, 1], got.sum()) == (1, 10, 100, 111)


def test_a_nan_goes_to_all_four_neighbours_also_by_weight_0():
    got = give_back([0, 0, 1, 1], [[np.nan]], [[1]], [[0]])  # on cell (0, 1)
    assert np.argwhere(np.isnan(got)).tolist() == [[0, 1], [0, 2], [1, 1], [1, 2]]


# --- it is the gradient -----------------------------------------------------------------------------------


@st.composite
def problems(draw):
    """Features, boxes, offsets and the other arguments of both directions."""
    rng = np.random.default_rng(draw(st.integers(0, 2**32)))
    shape = draw(st.tuples(st.integers(1, 2), st.integers(1, 2), st.integers(1, 6), st.integers(1, 6)))
    rois = boxes_anywhere(rng, draw(st.integers(0, 3)), shape[0], 6)
    size = draw(st.tuples(st.integers(1, 3), st.integers(1, 3)))
    offset = rng.normal(size=(len(rois), 2, *size))
    scale, ratio = draw(st.sampled_from([1.0, 0.5, 1.25])), draw(st.sampled_from([-1, 1, 2, (0, 3)]))
    return rng, rng.normal(size=shape), rois, offset, (scale, ratio, draw(st.sampled_from([0.1, 1.0])))


@given(problems())
def test_it_is_what_central_differences_say(problem):
    """Bins are linear in the map: the differences are exact but for rounding, on every border."""
    rng, features, rois, offset, parameters = problem
    size = offset.shape[2:]
    grad = rng.normal(size=(len(rois), features.shape[1], *size))

    def loss(maps):
        return (grad * deform_roi_pool(maps, rois, offset, size, *parameters)).sum()

    with roikit.use_backend("cpu"):
        expected = central_differences(loss, features, step=1.0)
    got = deform_roi_pool_backward(grad, rois, offset, features.shape, *parameters)
    np.testing.assert_allclose(got, expected, rtol=0, atol=FEW_ROUNDINGS)


@given(problems())
def test_it_is_the_transpose(problem):
    """<deform_roi_pool(x), g> = <x, deform_roi_pool_backward(g)>."""
    rng, features, rois, offset, parameters = problem
    bins = deform_roi_pool(features, rois, offset, offset.shape[2:], *parameters)
    grad = rng.normal(size=bins.shape)
    back = deform_roi_pool_backward(grad, rois, offset, features.shape, *parameters)
    assert abs(np.vdot(bins, grad) - np.vdot(features, back)) < FEW_ROUNDINGS


# --- the arrays -------------------------------------------------------------------------------------------


def case(dtype=np.float64, channels=11):
    """11 channels are more than one block of the compiled kernel."""
    rng = np.random.default_rng(1)
    grad, offset = rng.normal(size=(5, channels, 2, 3)).astype(dtype), rng.normal(size=(5, 2, 2, 3))
    return grad, boxes_anywhere(rng, 5, 2, 6), offset, (2, channels, 6, 7)


def test_without_offsets_it_is_that_of_aligned_roi_align():
    grad, rois, offset, shape = case()
    expected = roi_align_backward(grad, rois, shape, 1.0, -1, True)
    assert np.array_equal(deform_roi_pool_backward(grad, rois, None, shape), expected)
    assert np.array_equal(deform_roi_pool_backward(grad, rois, offset, shape, gamma=0.0), expected)


@pytest.mark.parametrize("dtype", [np.float16, np.float32])
def test_it_is_added_up_in_float64_and_rounded_once(dtype):
    grad, rois, offset, shape = case(dtype)
    wide = deform_roi_pool_backward(grad.astype(np.float64), rois, offset, shape)
    got = deform_roi_pool_backward(grad, rois, offset, shape)
    assert got.dtype == dtype
    assert np.array_equal(got, wide.astype(dtype))


def test_channels_last_into_out():
    grad, rois, offset, (N, C, H, W) = case()
    expected = deform_roi_pool_backward(grad, rois, offset, (N, C, H, W)).transpose(0, 2, 3, 1)
    out, last = np.full((N, H, W, C), np.nan), grad.transpose(0, 2, 3, 1).copy()
    assert deform_roi_pool_backward(last, rois, offset, (N, H, W, C), layout="NHWC", out=out) is out
    assert np.array_equal(out, expected)


@pytest.mark.parametrize("rois", [np.zeros((0, 5)), [], [[], []]])
def test_no_boxes_give_nothing(rois):
    got = deform_roi_pool_backward(np.zeros((0, 3, 2, 2)), rois, None, (2, 3, 4, 5))
    assert got.shape == (2, 3, 4, 5)
    assert not got.any()


def test_offsets_have_the_shape_of_grads_bins():
    grad, offset = np.ones((1, 1, 2, 3)), np.ones((1, 2, 3, 2))
    with pytest.raises(ValueError, match=r"offset must have shape \(K, 2, PH, PW\), here \(1, 2, 2, 3\)"):
        deform_roi_pool_backward(grad, [[0, 0, 0, 1, 1]], offset, (1, 1, 4, 4))
