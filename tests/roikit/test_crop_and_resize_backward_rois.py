"""The gradient of crop_and_resize by the boxes: how the points move, times the slope of the map there."""

import numpy as np
import pytest
from gradients import central_differences
from hypothesis import assume, given
from hypothesis import strategies as st

import roikit
from roikit import crop_and_resize, crop_and_resize_backward_rois, examples
from roikit.reference.crop_and_resize import crop_points

pytestmark = pytest.mark.usefixtures("backend")

#: y * 10 + x
RAMP = examples.ramp(5, 5, a=10.0, b=1.0)[None, None]


def by_box(box, grad=((1.0,),), features=RAMP, coordinates="cells"):
    """The gradient of one box's points by x1, y1, x2, y2."""
    grad = np.array(grad)[None, None]
    return crop_and_resize_backward_rois(grad, features, [[0, *box]], coordinates=coordinates)[0].tolist()


# --- by hand ----------------------------------------------------------------------------------------------


def test_a_single_point_moves_by_half_of_what_an_end_does():
    """On the ramp it rises by 1 a column and 10 a row."""
    assert by_box([0.5, 0.5, 2, 2]) == [0.5, 5, 0.5, 5]


def test_a_corner_moves_with_its_end_alone():
    assert by_box([0.5, 0.5, 2.5, 2.5], [[1.0, 0.0], [0.0, 0.0]]) == [1, 10, 0, 0]
    assert by_box([0.5, 0.5, 2.5, 2.5], [[0.0, 0.0], [0.0, 1.0]]) == [0, 0, 1, 10]
    assert by_box([0.5, 0.5, 2.5, 2.5], [[0.0, 1.0, 0.0, 0.0, 0.0]]) == [0.75, 5, 0.25, 5]


def test_normalized_ends_move_points_by_the_map():
    assert by_box([0.125, 0.125, 0.625, 0.625], coordinates="normalized") == [2, 20, 2, 20]  # 4 cells a unit


def test_a_flipped_box_has_its_gradient_flipped():
    grad = [[1.0, 2.0], [3.0, 5.0]]
    x1, y1, x2, y2 = by_box([0.5, 0.5, 2.5, 2.5], grad)
    assert by_box([2.5, 0.5, 0.5, 2.5], [row[::-1] for row in grad]) == [x2, y1, x1, y2]


def test_next_to_a_cell_no_point_moves_in_a_map_of_floats():
    """The sum is of doubles, also of float32: 1 - 1e-9 of a cell is not 1 - 6e-8 of it."""
    step = np.array([[0.0, 0.0], [0.0, 1.0]], np.float32)[None, None]
    by_x1 = by_box([0.5, 1 - 1e-9, 0.5, 1 - 1e-9], np.float32([[1.0]]), step)[0]
    np.testing.assert_allclose(by_x1, 0.5 * (1 - 1e-9), rtol=1e-12)


def test_channels_add_up():
    features, grad = np.concatenate([RAMP, -2 * RAMP], axis=1), np.array([[[[1.0]], [[0.25]]]])
    got = crop_and_resize_backward_rois(grad, features, [[0, 0.5, 0.5, 2, 2]], coordinates="cells")
    assert got.tolist() == [[0.25, 2.5, 0.25, 2.5]]


# --- on the kinks -----------------------------------------------------------------------------------------

STEPS = np.tile([0.0, 1.0, 101.0, 102.0], (4, 1))[None, None]


def test_on_a_cell_the_slope_is_that_to_the_next_and_on_the_last_that_from_the_one_before():
    for x, slope in ((0.0, 1), (1.0, 100), (2.0, 1), (3.0, 1)):
        assert by_box([x, 0, x, 0], features=STEPS) == [slope / 2, 0, slope / 2, 0]
        assert by_box([0, x, 0, x], features=STEPS.transpose(0, 1, 3, 2)) == [0, slope / 2, 0, slope / 2]


def test_the_whole_map_has_a_gradient_at_all_its_points():
    """What an attention over the whole image starts from; TensorFlow's gradient is 0 here."""
    assert by_box([0, 0, 1, 1], np.ones((2, 2)), coordinates="normalized") == [8, 80, 8, 80]


def test_off_the_map_there_is_no_slope():
    assert by_box([-0.5, 1, -0.5, 1]) == [0, 0, 0, 0]
    assert by_box([4.5, 1, 4.5, 1], [[np.nan]]) == [0, 0, 0, 0]
    assert by_box([-1, 0.5, 1.5, 0.5], [[1.0, 1.0]]) == [0, 5, 1, 5]  # two points, and a half of y1 for each


def test_a_map_of_one_cell_has_no_slope():
    assert by_box([0, 0, 0, 0], features=np.ones((1, 1, 1, 1))) == [0, 0, 0, 0]


# --- it is the gradient -----------------------------------------------------------------------------------


def far_from_kinks(rois, shape, size, least=1e-3):
    """Whether no point is near a cell, or the map's border."""
    for axis, (start, end) in enumerate(((2, 4), (1, 3))):
        for roi in rois:
            points = crop_points(roi[start], roi[end], size[axis], shape[2 + axis], "normalized")
            if np.any(np.abs(points - np.round(points)) < least):
                return False
    return True


@given(seed=st.integers(0, 2**32), size=st.tuples(st.integers(1, 4), st.integers(1, 4)))
def test_it_is_what_central_differences_say(seed, size):
    """Boxes inside, over every border, outside and flipped."""
    rng = np.random.default_rng(seed)
    features, K = rng.normal(size=(2, 3, 6, 5)), 2
    rois = np.column_stack([rng.integers(0, 2, K), rng.uniform(-0.3, 1.3, (K, 4))])
    assume(far_from_kinks(rois, features.shape, size))
    grad = rng.normal(size=(K, 3, *size))

    def loss(boxes):
        table = np.column_stack([rois[:, 0], boxes])
        return (grad * crop_and_resize(features, table, size)).sum()

    with roikit.use_backend("cpu"):
        expected = central_differences(loss, rois[:, 1:])
    got = crop_and_resize_backward_rois(grad, features, rois)
    np.testing.assert_allclose(got, expected, rtol=0, atol=1e-7)  # 1e-16 of rounding over steps of 1e-6


# --- the arrays -------------------------------------------------------------------------------------------


def case(dtype=np.float64):
    rng = np.random.default_rng(1)
    rois = np.column_stack([rng.integers(0, 2, 4), rng.uniform(-0.2, 1.2, (4, 4))])
    return rng.normal(size=(4, 3, 2, 3)).astype(dtype), rng.normal(size=(2, 3, 5, 6)).astype(dtype), rois


@pytest.mark.parametrize("dtype", [np.float16, np.float32])
def test_it_is_float64_whatever_the_features_are(dtype):
    grad, features, rois = case(dtype)
    got = crop_and_resize_backward_rois(grad, features, rois)
    assert got.dtype == np.float64
    wide = grad.astype(np.float64), features.astype(np.float64)
    assert np.array_equal(got, crop_and_resize_backward_rois(*wide, rois))


def test_channels_last():
    grad, features, rois = case()
    last = grad.transpose(0, 2, 3, 1).copy(), features.transpose(0, 2, 3, 1).copy()
    expected = crop_and_resize_backward_rois(grad, features, rois)
    assert np.array_equal(crop_and_resize_backward_rois(*last, rois, layout="NHWC"), expected)


def test_no_boxes_and_no_channels():
    assert crop_and_resize_backward_rois(np.zeros((0, 1, 2, 2)), RAMP, []).shape == (0, 4)
    got = crop_and_resize_backward_rois(np.zeros((1, 0, 2, 2)), RAMP[:, :0], [[0, 0, 0, 1, 1]])
    assert got.tolist() == [[0, 0, 0, 0]]


# --- errors -----------------------------------------------------------------------------------------------


def test_one_dtype_and_known_units():
    grad, features, rois = case()
    with pytest.raises(TypeError, match="grad must be float32, as features is; got float64"):
        crop_and_resize_backward_rois(grad, features.astype(np.float32), rois)
    with pytest.raises(ValueError, match="coordinates must be 'normalized' or 'cells'; got 'pixels'"):
        crop_and_resize_backward_rois(grad, features, rois, coordinates="pixels")
