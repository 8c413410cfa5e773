"""The gradient of precise RoI pooling by the map: weights worked by hand, differences, sums, transposes."""

import numpy as np
import pytest
from gradients import boxes_anywhere, central_differences
from hypothesis import given
from hypothesis import strategies as st

from roikit import precise_roi_pool, precise_roi_pool_backward, use_backend

pytestmark = pytest.mark.usefixtures("backend")

FEW_ROUNDINGS = 1e-12


def give_back(box, grad=((1.0,),), size=(4, 4)):
    """What one channel's bins of one box give to a map of this size."""
    return precise_roi_pool_backward(np.array(grad)[None, None], [[0, *box]], (1, 1, *size))[0, 0].tolist()


# --- by hand ----------------------------------------------------------------------------------------------


def test_a_square_between_four_cells_gives_each_a_quarter():
    assert give_back([1, 0, 2, 1], [[4.0]]) == [[0, 1, 1, 0], [0, 1, 1, 0], [0, 0, 0, 0], [0, 0, 0, 0]]


def test_two_squares_share_the_cells_between_them():
    assert give_back([0, 0, 2, 1], [[8.0]]) == [[1, 2, 1, 0], [1, 2, 1, 0], [0, 0, 0, 0], [0, 0, 0, 0]]


def test_bins_add_up():
    """1 to each corner of the left square, 10 to each of the right one."""
    assert give_back([0, 0, 2, 1], [[4.0, 40.0]], (2, 3)) == [[1, 11, 10], [1, 11, 10]]


def test_what_lies_off_the_map_is_lost():
    assert give_back([-1, 0, 0, 1], [[4.0]], (2, 2)) == [[1, 0], [1, 0]]
    assert give_back([1, 0, 3, 1], [[8.0]], (2, 2)) == [[0, 1], [0, 1]]
    assert not np.any(give_back([9, 9, 12, 12]))


def test_an_empty_box_gives_nothing():
    assert not np.any(give_back([2, 1, 2, 3], [[np.nan]]))
    assert not np.any(give_back([3, 1, 1, 3]))


def test_boxes_on_one_place_add_up_and_images_are_apart():
    grad, box = np.array([4.0, 40.0, 400.0]).reshape(3, 1, 1, 1), [1, 1, 2, 2]
    got = precise_roi_pool_backward(grad, [[0, *box], [1, *box], [0, *box]], (2, 1, 3, 3))
    assert got[:, 0, 1, 1].tolist() == [101, 10]
    assert got.sum() == 444


def test_a_nan_goes_to_the_cells_that_take_part():
    got = give_back([1, 0.5, 2, 1.5], [[np.nan]])
    assert np.argwhere(np.isnan(got)).tolist() == [[y, x] for y in (0, 1, 2) for x in (1, 2)]


# --- it is the gradient -----------------------------------------------------------------------------------


@st.composite
def problems(draw):
    """Features, boxes, and the other arguments of both directions."""
    rng = np.random.default_rng(draw(st.integers(0, 2**32)))
    shape = draw(st.tuples(st.integers(1, 2), st.integers(1, 2), st.integers(1, 6), st.integers(1, 6)))
    rois = boxes_anywhere(rng, draw(st.integers(0, 3)), shape[0], 6)
    size = draw(st.tuples(st.integers(1, 3), st.integers(1, 3)))
    return rng, rng.normal(size=shape), rois, size, draw(st.sampled_from([1.0, 0.5, 1.25]))


@given(problems())
def test_it_is_what_central_differences_say(problem):
    """Bins are linear in the map: the differences are exact but for rounding."""
    rng, features, rois, size, scale = problem
    grad = rng.normal(size=(len(rois), features.shape[1], *size))
    with use_backend("cpu"):
        expected = central_differences(
            lambda maps: (grad * precise_roi_pool(maps, rois, size, scale)).sum(), features, step=1.0
        )
    got = precise_roi_pool_backward(grad, rois, features.shape, scale)
    np.testing.assert_allclose(got, expected, rtol=0, atol=FEW_ROUNDINGS)


@given(problems())
def test_it_is_the_transpose(problem):
    """<precise_roi_pool(x), g> = <x, precise_roi_pool_backward(g)>."""
    rng, features, rois, size, scale = problem
    bins = precise_roi_pool(features, rois, size, scale)
    grad = rng.normal(size=bins.shape)
    back = precise_roi_pool_backward(grad, rois, features.shape, scale)
    assert abs(np.vdot(bins, grad) - np.vdot(features, back)) < FEW_ROUNDINGS


def test_where_all_bins_are_inside_nothing_is_lost():
    rng = np.random.default_rng(0)
    corner = rng.uniform(0, 4, (9, 2))
    rois = np.column_stack([np.zeros(9), corner, corner + rng.uniform(0.1, 4, (9, 2))])
    grad = rng.normal(size=(9, 2, 3, 2))
    got = precise_roi_pool_backward(grad, rois, (1, 2, 9, 9))
    np.testing.assert_allclose(got.sum(axis=(0, 2, 3)), grad.sum(axis=(0, 2, 3)), atol=FEW_ROUNDINGS)


# --- the arrays -------------------------------------------------------------------------------------------


def case(dtype=np.float64):
    """11 channels are more than one block of the compiled kernel."""
    rng = np.random.default_rng(1)
    return rng.normal(size=(5, 11, 2, 3)).astype(dtype), boxes_anywhere(rng, 5), (2, 11, 6, 7)


@pytest.mark.parametrize("dtype", [np.float16, np.float32])
def test_it_is_added_up_in_float64_and_rounded_once(dtype):
    grad, rois, shape = case(dtype)
    got = precise_roi_pool_backward(grad, rois, shape)
    assert got.dtype == dtype
    wide = precise_roi_pool_backward(grad.astype(np.float64), rois, shape)
    assert np.array_equal(got, wide.astype(dtype))


def test_channels_last_and_out():
    grad, rois, (N, C, H, W) = case()
    expected = precise_roi_pool_backward(grad, rois, (N, C, H, W)).transpose(0, 2, 3, 1)
    last, out = grad.transpose(0, 2, 3, 1).copy(), np.full((N, H, W, C), np.nan)
    assert precise_roi_pool_backward(last, rois, (N, H, W, C), layout="NHWC", out=out) is out
    assert np.array_equal(out, expected)


def test_no_boxes_no_channels_and_no_images():
    assert not precise_roi_pool_backward(np.zeros((0, 3, 2, 2)), [], (2, 3, 4, 5)).any()
    assert precise_roi_pool_backward(np.zeros((1, 0, 2, 2)), [[0, 0, 0, 1, 1]], (1, 0, 4, 4)).size == 0
    assert precise_roi_pool_backward(np.zeros((0, 3, 2, 2)), [], (0, 3, 4, 4)).shape == (0, 3, 4, 4)


@pytest.mark.parametrize(
    ("grad", "shape", "expected"),
    [
        (np.zeros((1, 3, 2)), (1, 3, 4, 4), "grad must have shape (K, C, PH, PW); got (1, 3, 2)"),
        (np.zeros((2, 3, 2, 2)), (1, 3, 4, 4),
         "grad must have one row for each box: it has 2, and rois has 1"),
        (np.zeros((1, 3, 2, 2)), (1, 4, 4, 4),
         "grad must have the map's channels: it has 3, and input_shape has 4"),
        (np.zeros((1, 3, 2, 2)), (0, 3, 4, 4), "rois[0] names batch index 0, but input_shape holds 0 images"),
    ],
)
def test_a_wrong_argument_gets_a_sentence(grad, shape, expected):
    with pytest.raises(ValueError, match=r"\w") as caught:
        precise_roi_pool_backward(grad, [[0, 0, 0, 1, 1]], shape)
    assert str(caught.value) == expected
