"""The gradient of border align by the boxes: the slope at each maximum, by how the point moves."""

import numpy as np
import pytest
from gradients import central_differences
from hypothesis import assume, given
from hypothesis import strategies as st

from roikit import border_align, border_align_backward_rois, examples, use_backend

pytestmark = pytest.mark.usefixtures("backend")

#: y * 10 + x, for each side
RAMP = np.repeat(examples.ramp(6, 6, a=10.0, b=1.0)[None, None], 4, axis=1)
TOP, LEFT, BOTTOM, RIGHT = np.eye(4)


def by_box(box, side, point, pool_size=4, scale=1.0, features=RAMP):
    """The gradient by x1, y1, x2, y2 of the maximum of one side, at one point."""
    arguments = side[None, None], features, [[0, *box]], np.full((1, 1, 4), point)
    return border_align_backward_rois(*arguments, pool_size, scale)[0].tolist()


# --- by hand ----------------------------------------------------------------------------------------------


def test_the_walk_begins_at_one_corner_and_ends_at_the_other():
    """On the ramp a point rises by 1 a column and 10 a row. At a quarter of the way:"""
    box = [0.5, 0.5, 4.5, 4.5]
    assert by_box(box, TOP, 1) == [0.75, 10, 0.25, 0]  # across with both ends, down with y1
    assert by_box(box, LEFT, 1) == [1, 7.5, 0, 2.5]
    assert by_box(box, BOTTOM, 1) == [0.25, 0, 0.75, 10]  # which begins at x2
    assert by_box(box, RIGHT, 1) == [0, 2.5, 1, 7.5]


def test_corners_move_with_themselves_alone():
    box = [0.5, 0.5, 4.5, 4.5]
    assert by_box(box, TOP, 0) == by_box(box, LEFT, 0) == [1, 10, 0, 0]
    assert by_box(box, BOTTOM, 0) == by_box(box, RIGHT, 0) == [0, 0, 1, 10]
    assert by_box(box, TOP, 4) == by_box(box, RIGHT, 4) == [0, 10, 1, 0]


def test_sides_and_channels_add_up():
    assert by_box([0.5, 0.5, 4.5, 4.5], TOP - 2 * BOTTOM, 0) == [1, 10, -2, -20]
    features, grad = np.repeat(RAMP, 2, axis=1), np.array([[TOP, 3 * TOP]])
    argmax = np.array([[[0] * 4, [4] * 4]])
    got = border_align_backward_rois(grad, features, [[0, 0.5, 0.5, 4.5, 4.5]], argmax, 4)
    assert got.tolist() == [[1, 40, 3, 0]]


def test_pixels_are_not_cells():
    assert by_box([1, 1, 9, 9], TOP, 1, scale=0.5) == [0.375, 5, 0.125, 0]


def test_a_point_that_is_clamped_does_not_move_along_that_axis():
    assert by_box([-0.5, 1, 3, 3], TOP, 0) == [0, 10, 0, 0]
    assert by_box([1, 1, 5, 3], TOP, 4) == [0, 10, 0, 0]  # the last column has no cell to its right
    assert by_box([0, 1, 3, 3], TOP, 0) == [1, 10, 0, 0]


def test_a_point_off_the_map_has_no_slope_and_sees_no_nan():
    assert by_box([8, 8, 9, 9], TOP * np.nan, 1, features=RAMP * np.nan) == [0, 0, 0, 0]
    assert np.isnan(by_box([1, 1, 3, 3], TOP, 1, features=RAMP * np.nan)).any()


# --- it is the gradient -----------------------------------------------------------------------------------


@given(seed=st.integers(0, 2**32), pool_size=st.integers(1, 4), scale=st.sampled_from([1.0, 0.5, 1.25]))
def test_it_is_what_central_differences_say(seed, pool_size, scale):
    """Where no point is near a cell's border; a small step changes no maximum's place."""
    rng = np.random.default_rng(seed)
    features, rois = rng.normal(size=(2, 8, 6, 5)), np.column_stack([[0, 1], rng.uniform(-2, 9, (2, 4))])
    x, y = (np.linspace(rois[:, start], rois[:, start + 2], pool_size + 1) * scale for start in (1, 2))
    assume(all(np.all(np.abs(points - np.round(points)) > 1e-3) for points in (x, y)))
    grad = rng.normal(size=(2, 2, 4))
    _, argmax = border_align(features, rois, pool_size, scale, return_argmax=True)

    def loss(boxes):
        return (grad * border_align(features, np.column_stack([[0, 1], boxes]), pool_size, scale)).sum()

    with use_backend("cpu"):
        expected = central_differences(loss, rois[:, 1:])
    got = border_align_backward_rois(grad, features, rois, argmax, pool_size, scale)
    np.testing.assert_allclose(got, expected, rtol=0, atol=1e-7)


# --- the arrays -------------------------------------------------------------------------------------------


def case(dtype=np.float64):
    rng = np.random.default_rng(1)
    rois = np.column_stack([rng.integers(0, 2, 4), rng.integers(-4, 18, (4, 4)) / 2])
    grad, features = rng.normal(size=(4, 3, 4)).astype(dtype), rng.normal(size=(2, 12, 5, 6)).astype(dtype)
    return grad, features, rois, rng.integers(0, 4, grad.shape)


@pytest.mark.parametrize("dtype", [np.float16, np.float32])
def test_it_is_float64_whatever_the_features_are(dtype):
    grad, features, rois, argmax = case(dtype)
    got = border_align_backward_rois(grad, features, rois, argmax, 3)
    assert got.dtype == np.float64
    wide = grad.astype(np.float64), features.astype(np.float64)
    assert np.array_equal(got, border_align_backward_rois(*wide, rois, argmax, 3))


def test_any_layout():
    grad, features, rois, argmax = case()
    expected = border_align_backward_rois(grad, features, rois, argmax, 3)
    got = border_align_backward_rois(np.asfortranarray(grad), features, rois, argmax.astype(np.int32), 3)
    assert np.array_equal(got, expected)
    last = grad.transpose(0, 2, 1), features.transpose(0, 2, 3, 1).copy(), rois, argmax.transpose(0, 2, 1)
    assert np.array_equal(border_align_backward_rois(*last, 3, layout="NHWC"), expected)


def test_no_boxes_and_no_channels():
    none = np.zeros((0, 1, 4), int)
    assert border_align_backward_rois(np.zeros((0, 1, 4)), RAMP, [], none, 2).shape == (0, 4)
    empty = np.zeros((1, 0, 4), int)
    got = border_align_backward_rois(np.zeros((1, 0, 4)), RAMP[:, :0], [[0, 0, 0, 3, 3]], empty, 2)
    assert got.tolist() == [[0, 0, 0, 0]]


def test_wrong_arguments_get_a_sentence():
    grad, features, rois, argmax = case()
    with pytest.raises(TypeError, match=r"^grad must be float64, as features is; got float32"):
        border_align_backward_rois(grad.astype(np.float32), features, rois, argmax, 3)
    with pytest.raises(ValueError, match=r"^grad must have a quarter of the map's channels: it has 2, and"):
        border_align_backward_rois(grad[:, :2], features, rois, argmax[:, :2], 3)
    with pytest.raises(ValueError, match=r"^argmax\[.*\] is 3: a side of pool_size 2 has the points 0\.\.2$"):
        border_align_backward_rois(grad, features, rois, argmax, 2)
