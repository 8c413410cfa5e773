"""The gradient of average RoIAlign by the boxes: how the samples move, times the slope of the map there."""

import numpy as np
import pytest
from gradients import central_differences
from hypothesis import assume, given
from hypothesis import strategies as st

import roikit
from roikit import examples, roi_align, roi_align_backward_rois
from roikit.reference.roi_align import sample_count, sample_points, scale_axis

pytestmark = pytest.mark.usefixtures("backend")

#: y * 10 + x
RAMP = examples.ramp(6, 6, a=10.0, b=1.0)[None, None]
FEW_ROUNDINGS = 1e-12


def by_box(box, sampling_ratio=1, aligned=False, scale=1.0, features=RAMP, grad=((1.0,),)):
    """The gradient of one box's bins by x1, y1, x2, y2."""
    grad = np.array(grad)[None, None]
    return roi_align_backward_rois(grad, features, [[0, *box]], scale, sampling_ratio, aligned)[0].tolist()


# --- by hand ----------------------------------------------------------------------------------------------


def test_a_centre_moves_by_half_of_what_an_end_does():
    """On the ramp the sample rises by 1 a column and 10 a row."""
    assert by_box([1, 1, 3, 4]) == [0.5, 5, 0.5, 5]


def test_bins_near_an_end_move_with_it():
    """Centres at a quarter and three quarters of the width: x1 moves the left one by 3/4, x2 by 1/4."""
    assert by_box([1, 1, 3, 3], grad=[[1.0, 0.0]]) == [0.75, 5, 0.25, 5]
    assert by_box([1, 1, 3, 3], grad=[[0.0, 1.0]]) == [0.25, 5, 0.75, 5]
    assert by_box([1, 1, 3, 3], grad=[[1.0, -1.0]]) == [0.5, 0, -0.5, 0]


def test_samples_of_a_bin_are_averaged():
    assert by_box([1, 1, 3, 5], sampling_ratio=2) == [0.5, 5, 0.5, 5]
    assert by_box([1, 1, 3, 5], sampling_ratio=-1) == [0.5, 5, 0.5, 5]  # 4 by 2 samples


def test_pixels_are_not_cells():
    assert by_box([2, 2, 6, 8], scale=0.5) == [0.25, 2.5, 0.25, 2.5]


def test_channels_add_up():
    features, grad = np.concatenate([RAMP, -2 * RAMP], axis=1), np.array([[[[1.0]], [[0.25]]]])
    assert roi_align_backward_rois(grad, features, [[0, 1, 1, 3, 5]])[0].tolist() == [0.25, 2.5, 0.25, 2.5]


def test_the_slope_is_that_between_the_four_neighbours():
    """At y = 0.25, x = 0.5 of the cells 0 4 / 8 20: by x 3/4 of 4 and 1/4 of 12, by y half of 8 and of 16."""
    features = np.array([[[[0.0, 4.0], [8.0, 20.0]]]])
    assert by_box([0, -0.25, 1, 0.75], features=features) == [3, 6, 3, 6]


# --- on the kinks -----------------------------------------------------------------------------------------


def test_on_the_border_of_two_cells_the_one_to_the_right_and_below_counts():
    steps = np.array([0.0, 1.0, 101.0, 102.0])
    assert by_box([1, 0, 2, 1], aligned=True, features=np.tile(steps, (4, 1))[None, None]) == [50, 0, 50, 0]
    columns = np.tile(steps[:, None], (1, 4))[None, None]
    assert by_box([0, 1, 1, 2], aligned=True, features=columns) == [0, 50, 0, 50]


@pytest.mark.parametrize("x", [-2.0, -1.0, -0.5, 5.0, 5.5, 6.0, 7.0])
def test_a_sample_that_is_clamped_or_outside_does_not_move_along_that_axis(x):
    """RAMP has 6 columns; the sample is at x, and half a row down where it is not outside."""
    by_x1, by_y1, by_x2, by_y2 = by_box([x - 1, 0, x + 1, 1])
    assert (by_x1, by_x2) == (0, 0)
    assert by_y1 == by_y2 == (5 if -1 <= x <= 6 else 0)


def test_a_sample_on_the_first_column_moves_inwards():
    assert by_box([-1, 0, 1, 1]) == [0.5, 5, 0.5, 5]


def test_a_box_that_was_made_one_cell_moves_with_its_start():
    assert by_box([1, 1, 1.5, 3]) == [1, 5, 0, 5]
    assert by_box([1, 1, 3, 0]) == [0.5, 10, 0.5, 0]
    assert by_box([1, 1, 2, 2]) == [0.5, 5, 0.5, 5]  # one cell as it is
    assert by_box([1, 1, 1.5, 3], aligned=True) == [0.5, 5, 0.5, 5]


def test_an_empty_box_has_no_adaptive_samples_and_no_gradient():
    assert by_box([2, 2, 1, 1], sampling_ratio=-1, aligned=True) == [0, 0, 0, 0]
    assert by_box([2, 2, 1, 1], sampling_ratio=1, aligned=True) == [0.5, 5, 0.5, 5]


def test_a_nan_outside_is_not_seen():
    assert by_box([9, 9, 12, 12], features=RAMP * np.nan, grad=[[np.nan]]) == [0, 0, 0, 0]
    assert np.isnan(by_box([1, 1, 3, 3], features=RAMP * np.nan)).all()


# --- it is the gradient -----------------------------------------------------------------------------------


def far_from_kinks(rois, shape, size, scale, ratio, aligned, least=1e-3):
    """Whether no sample is near a cell's border, and no box near another number of samples."""
    for axis, (start, end) in enumerate(((2, 4), (1, 3))):
        for roi in rois:
            origin, length = scale_axis(roi[start], roi[end], scale, aligned)
            raw = (roi[end] - roi[start]) * scale
            count = sample_count(length, size[axis], ratio)
            points = sample_points(origin, length, size[axis], count)
            if np.any(np.abs(points - np.round(points)) < least) or (not aligned and abs(raw - 1) < least):
                return False
            if ratio <= 0 and abs(raw / size[axis] - round(raw / size[axis])) < least:
                return False
    return True


@given(
    seed=st.integers(0, 2**32), ratio=st.sampled_from([-1, 1, 2]), aligned=st.booleans(),
    scale=st.sampled_from([1.0, 0.5, 1.25]),
)
def test_it_is_what_central_differences_say(seed, ratio, aligned, scale):
    """Boxes inside, over every border, outside and reversed."""
    rng = np.random.default_rng(seed)
    features, size, K = rng.normal(size=(2, 3, 6, 5)), (2, 3), 2
    rois = np.column_stack([rng.integers(0, 2, K), rng.uniform(-2, 9, (K, 4))])
    assume(far_from_kinks(rois, features.shape, size, scale, ratio, aligned))
    grad = rng.normal(size=(K, 3, *size))

    def loss(boxes):
        table = np.column_stack([rois[:, 0], boxes])
        return (grad * roi_align(features, table, size, scale, ratio, aligned)).sum()

    with roikit.use_backend("cpu"):
        expected = central_differences(loss, rois[:, 1:])
    got = roi_align_backward_rois(grad, features, rois, scale, ratio, aligned)
    np.testing.assert_allclose(got, expected, rtol=0, atol=1e-7)  # 1e-16 of rounding over steps of 1e-6


def test_moving_all_four_ends_is_moving_the_map():
    """By x1 and by x2 together: what the box gains when the map moves under it."""
    rng = np.random.default_rng(0)
    features, box = rng.normal(size=(1, 2, 9, 9)), np.array([[0, 2.2, 1.9, 6.3, 5.1]])
    grad = rng.normal(size=(1, 2, 2, 2))
    x1, y1, x2, y2 = roi_align_backward_rois(grad, features, box, sampling_ratio=2)[0]
    step = 1e-6
    moved = [roi_align(features, box + step * np.array(way), 2, sampling_ratio=2)
             for way in ([0, 1, 0, 1, 0], [0, -1, 0, -1, 0], [0, 0, 1, 0, 1], [0, 0, -1, 0, -1])]
    across, down = (grad * (moved[0] - moved[1])).sum(), (grad * (moved[2] - moved[3])).sum()
    np.testing.assert_allclose([x1 + x2, y1 + y2], [across / (2 * step), down / (2 * step)], atol=1e-7)


# --- conventions ------------------------------------------------------------------------------------------


def test_a_box_that_a_convention_made_larger_moves_with_its_start():
    """Of no width: a tenth of a cell, as an average of samples around 1.05."""
    box = {"features": RAMP, "rois": [[0, 1, 1, 1, 3]], "convention": "chainercv_align", "sampling_ratio": 2}
    got = roi_align_backward_rois(np.ones((1, 1, 1, 1)), **box)
    np.testing.assert_allclose(got, [[1, 5, 0, 5]], rtol=0, atol=FEW_ROUNDINGS)


@pytest.mark.parametrize("name", roikit.convention.SAMPLING)
@pytest.mark.parametrize("scale", [1.0, 0.3])
def test_both_gradients_of_a_convention_are_what_central_differences_say(name, scale):
    rng = np.random.default_rng(7)
    features, K = rng.normal(size=(2, 2, 7, 6)), 6
    rois = np.column_stack([rng.integers(0, 2, K), rng.uniform(0.1, 5, (K, 4)) / scale])
    rois[0, 3] = rois[0, 1] + 0.013  # narrower than any minimum size
    rois[1, 1:] = rois[1, [3, 4, 1, 2]]  # reversed, if it was not
    grad, how = rng.normal(size=(K, 2, 2, 3)), (scale, 2)

    def loss(boxes, maps):
        table = np.column_stack([rois[:, 0], boxes])
        return (grad * roi_align(maps, table, (2, 3), *how, convention=name)).sum()

    with roikit.use_backend("cpu"):
        by_boxes = central_differences(lambda boxes: loss(boxes, features), rois[:, 1:])
        by_maps = central_differences(lambda maps: loss(rois[:, 1:], maps), features)
    got = roi_align_backward_rois(grad, features, rois, *how, convention=name)
    np.testing.assert_allclose(got, by_boxes, rtol=0, atol=1e-7)
    got = roikit.roi_align_backward(grad, rois, features.shape, *how, convention=name)
    np.testing.assert_allclose(got, by_maps, rtol=0, atol=1e-7)


# --- the arrays -------------------------------------------------------------------------------------------


def case(dtype=np.float64):
    rng = np.random.default_rng(1)
    rois = np.column_stack([rng.integers(0, 2, 4), rng.integers(-4, 18, (4, 4)) / 2])
    return rng.normal(size=(4, 3, 2, 3)).astype(dtype), rng.normal(size=(2, 3, 5, 6)).astype(dtype), rois


@pytest.mark.parametrize("dtype", [np.float16, np.float32])
def test_it_is_float64_whatever_the_features_are(dtype):
    grad, features, rois = case(dtype)
    got = roi_align_backward_rois(grad, features, rois)
    assert got.dtype == np.float64
    wide = grad.astype(np.float64), features.astype(np.float64)
    assert np.array_equal(got, roi_align_backward_rois(*wide, rois))


def test_any_layout():
    grad, features, rois = case()
    expected = roi_align_backward_rois(grad, features, rois)
    got = roi_align_backward_rois(np.asfortranarray(grad), features[:, ::-1].copy()[:, ::-1], rois)
    assert np.array_equal(got, expected)
    last = grad.transpose(0, 2, 3, 1).copy(), features.transpose(0, 2, 3, 1).copy()
    assert np.array_equal(roi_align_backward_rois(*last, rois, layout="NHWC"), expected)


def test_no_boxes_and_no_channels():
    assert roi_align_backward_rois(np.zeros((0, 1, 2, 2)), RAMP, []).shape == (0, 4)
    got = roi_align_backward_rois(np.zeros((1, 0, 2, 2)), RAMP[:, :0], [[0, 0, 0, 3, 3]])
    assert got.tolist() == [[0, 0, 0, 0]]
