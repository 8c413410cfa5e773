"""The gradient of precise RoI pooling by the boxes: slopes by hand, differences, and no kinks."""

import numpy as np
import pytest
from gradients import central_differences
from hypothesis import assume, given
from hypothesis import strategies as st

from roikit import examples, precise_roi_pool, precise_roi_pool_backward_rois, use_backend

pytestmark = pytest.mark.usefixtures("backend")

#: y * 10 + x
RAMP = examples.ramp(6, 6, a=10.0, b=1.0)[None, None]


def by_box(box, grad=((1.0,),), scale=1.0, features=RAMP):
    """The gradient of one box's bins by x1, y1, x2, y2."""
    grad = np.array(grad)[None, None]
    return precise_roi_pool_backward_rois(grad, features, [[0, *box]], scale)[0].tolist()


# --- by hand ----------------------------------------------------------------------------------------------


def test_a_middle_moves_by_half_of_what_an_end_does():
    """On the ramp the mean rises by 1 a column and 10 a row."""
    assert by_box([1, 0.5, 3, 4.5]) == [0.5, 5, 0.5, 5]


def test_bins_near_an_end_move_with_it():
    """Middles at a quarter and three quarters of the width: x1 moves the left one by 3/4, x2 by 1/4."""
    assert by_box([1, 1, 3, 3], [[1.0, 0.0]]) == [0.75, 5, 0.25, 5]
    assert by_box([1, 1, 3, 3], [[0.0, 1.0]]) == [0.25, 5, 0.75, 5]


def test_gradients_that_add_up_to_0_are_gradients():
    assert by_box([1, 1, 3, 3], [[1.0, -1.0]]) == [0.5, 0, -0.5, 0]
    assert by_box([1, 1, 3, 3], [[0.0, 0.0]]) == [0, 0, 0, 0]


def test_pixels_are_not_cells():
    assert by_box([2, 2, 6, 10], scale=0.5) == [0.25, 2.5, 0.25, 2.5]


def test_channels_add_up():
    features, grad = np.concatenate([RAMP, -2 * RAMP], axis=1), np.array([[[[1.0]], [[0.25]]]])
    got = precise_roi_pool_backward_rois(grad, features, [[0, 1, 1, 3, 5]])
    assert got.tolist() == [[0.25, 2.5, 0.25, 2.5]]


def test_it_is_the_end_less_the_mean_by_the_size():
    """Of columns 0, 4, 12 from 0 to 2: the mean is 5, so 12 - 5 over 2 by x2, and 5 - 0 over 2 by x1."""
    features = np.array([[[[0.0, 4.0, 12.0]] * 2]])
    assert by_box([0, 0, 2, 1], features=features) == [2.5, 0, 3.5, 0]


def test_at_the_maps_border_the_surface_falls():
    """One cell of 1, a bin from 0 to 1 on both axes: its mean is 1/4, and at x = 1 the surface is 0."""
    assert by_box([0, 0, 1, 1], features=np.ones((1, 1, 1, 1))) == [-0.25, -0.25, -0.25, -0.25]
    assert by_box([3, 3, 5, 5], features=np.ones((1, 1, 1, 1))) == [0, 0, 0, 0]


def test_an_empty_or_reversed_box_has_none():
    assert by_box([2, 2, 2, 4]) == by_box([3, 2, 1, 4]) == by_box([2, 4, 3, 3]) == [0, 0, 0, 0]


def test_a_nan_that_takes_part_is_seen_and_no_other():
    features = RAMP.copy()
    features[0, 0, 4, 4] = np.nan
    assert by_box([1, 1, 3, 3], features=features) == [0.5, 5, 0.5, 5]
    assert np.isnan(by_box([1, 1, 3.5, 3.5], features=features)).all()


# --- it is the gradient -----------------------------------------------------------------------------------


@given(
    seed=st.integers(0, 2**32), scale=st.sampled_from([1.0, 0.5, 1.25]),
    size=st.tuples(st.integers(1, 3), st.integers(1, 3)), whole=st.booleans(),
)
def test_it_is_what_central_differences_say(seed, scale, size, whole):
    """Boxes inside, over every border, outside and reversed; also on the cells, where there are no kinks."""
    rng = np.random.default_rng(seed)
    features, ends = rng.normal(size=(2, 3, 6, 5)), rng.uniform(-2, 9, (2, 4))
    rois = np.column_stack([rng.integers(0, 2, 2), np.round(ends) / scale if whole else ends])
    assume(np.all(np.abs(rois[:, 3:] - rois[:, 1:3]) > 0.2))
    grad = rng.normal(size=(2, 3, *size))

    def loss(boxes):
        return (grad * precise_roi_pool(features, np.column_stack([rois[:, 0], boxes]), size, scale)).sum()

    with use_backend("cpu"):
        expected = central_differences(loss, rois[:, 1:], step=1e-6)
    got = precise_roi_pool_backward_rois(grad, features, rois, scale)
    np.testing.assert_allclose(got, expected, rtol=0, atol=1e-5)


def test_it_does_not_jump_where_an_end_passes_a_cell():
    features = np.random.default_rng(0).normal(size=(1, 1, 6, 6))
    for x in (-1.0, 0.0, 2.0, 5.0, 6.0):
        before, on, after = (
            by_box([x + step - 2.5, 0.5, x + step, 4], features=features) for step in (-1e-9, 0, 1e-9)
        )
        np.testing.assert_allclose(before, on, rtol=0, atol=1e-7)
        np.testing.assert_allclose(after, on, rtol=0, atol=1e-7)


@pytest.mark.parametrize("size", [1e-6, 1e-12, 4e-16])
def test_a_tiny_bin_feels_the_slope_of_the_map(size):
    """Columns 0, 1, 101: it is 1 before column 1 and 100 behind it; each end moves the middle by half."""
    features = np.array([[[[0.0, 1.0, 101.0]] * 3]])
    for x, slope in ((0.5, 1), (1, 100)):
        got = by_box([x, 0, x + size, 1], features=features)
        np.testing.assert_allclose(got, [slope / 2, 0, slope / 2, 0], rtol=0, atol=1e-12)


def test_a_bin_as_tiny_as_floats_are():
    """One of 5e-324 beside 0: nothing overflows, also where the bin has no piece."""
    got = by_box([0, -1e3, 5e-324, 2], features=np.array([[[[3.0, 4.0, 7.0]] * 3]]))
    assert np.isfinite(got).all()
    assert got[0] > 0  # a slope of 1


def test_a_box_far_larger_than_the_map():
    far, ones = 2.0**40, np.ones((1, 1, 3, 3))
    np.testing.assert_allclose(by_box([-far, 0, far, 2], features=ones), np.array(
        [1, 0, -1, 0]) * 3 / 2.0**82, rtol=0, atol=1e-30)
    assert by_box([far / 2, 0, far, 2], features=ones) == [0, 0, 0, 0]


# --- the arrays -------------------------------------------------------------------------------------------


def case(dtype=np.float64):
    rng = np.random.default_rng(1)
    rois = np.column_stack([rng.integers(0, 2, 4), rng.integers(-4, 18, (4, 4)) / 2])
    return rng.normal(size=(4, 3, 2, 3)).astype(dtype), rng.normal(size=(2, 3, 5, 6)).astype(dtype), rois


@pytest.mark.parametrize("dtype", [np.float16, np.float32])
def test_it_is_float64_whatever_the_features_are(dtype):
    grad, features, rois = case(dtype)
    got = precise_roi_pool_backward_rois(grad, features, rois)
    assert got.dtype == np.float64
    wide = grad.astype(np.float64), features.astype(np.float64)
    assert np.array_equal(got, precise_roi_pool_backward_rois(*wide, rois))


def test_any_layout():
    grad, features, rois = case()
    expected = precise_roi_pool_backward_rois(grad, features, rois)
    got = precise_roi_pool_backward_rois(np.asfortranarray(grad), features[:, ::-1].copy()[:, ::-1], rois)
    assert np.array_equal(got, expected)
    last = grad.transpose(0, 2, 3, 1).copy(), features.transpose(0, 2, 3, 1).copy()
    assert np.array_equal(precise_roi_pool_backward_rois(*last, rois, layout="NHWC"), expected)


def test_no_boxes_and_no_channels():
    assert precise_roi_pool_backward_rois(np.zeros((0, 1, 2, 2)), RAMP, []).shape == (0, 4)
    got = precise_roi_pool_backward_rois(np.zeros((1, 0, 2, 2)), RAMP[:, :0], [[0, 0, 0, 3, 3]])
    assert got.tolist() == [[0, 0, 0, 0]]


def test_wrong_arguments_get_a_sentence():
    box, grad = [[0, 0, 0, 3, 3]], np.zeros((1, 1, 2, 2))
    with pytest.raises(TypeError, match=r"^grad must be float64, as features is; got float32"):
        precise_roi_pool_backward_rois(grad.astype(np.float32), RAMP, box)
    with pytest.raises(ValueError, match=r"^grad must have one row for each box: it has 1, and rois has 2$"):
        precise_roi_pool_backward_rois(grad, RAMP, box * 2)
    with pytest.raises(ValueError, match=r"^grad must have the map's channels: it has 1, and features has"):
        precise_roi_pool_backward_rois(grad, np.repeat(RAMP, 2, axis=1), box)
