"""The gradient of RoIAlign of rotated boxes by these: how samples move, times the slope of the map there."""

import numpy as np
import pytest
from gradients import central_differences
from hypothesis import assume, given
from hypothesis import strategies as st
from turned import frames, rotated_boxes

import roikit
from roikit import examples, roi_align_backward_rois, roi_align_rotated, roi_align_rotated_backward_rois
from roikit.reference.roi_align_rotated import frame, sample_counts, turned, upright_points

pytestmark = pytest.mark.usefixtures("backend")

#: y * 10 + x
RAMP = examples.ramp(8, 8, a=10.0, b=1.0)[None, None]
FEW_ROUNDINGS = 1e-12


def by_box(box, sampling_ratio=1, aligned=True, scale=1.0, features=RAMP, grad=((1.0,),), **options):
    """The gradient of one box's bins by centre x, centre y, width, height and angle."""
    grad = np.array(grad)[None, None]
    how = (scale, sampling_ratio, aligned)
    return roi_align_rotated_backward_rois(grad, features, [[0, *box]], *how, **options)[0].tolist()


# --- by hand ----------------------------------------------------------------------------------------------


def test_a_sample_at_the_centre_moves_with_it_alone():
    """On the ramp it rises by 1 a column and 10 a row."""
    assert by_box([3, 4, 2, 3, 0]) == [1, 10, 0, 0, 0]
    assert by_box([3, 4, 2, 3, 90]) == [1, 10, 0, 0, 0]
    assert by_box([3, 4, 2, 3, 90], scale=0.5) == [0.5, 5, 0, 0, 0]


def test_a_bin_moves_by_its_part_of_the_side():
    """Centres a quarter of the side from the box's centre."""
    assert by_box([4, 4, 2, 3, 0], grad=[[0.0, 1.0]])[:4] == [1, 10, 0.25, 0]
    assert by_box([4, 4, 2, 3, 0], grad=[[0.0], [1.0]])[:4] == [1, 10, 0, 2.5]
    assert by_box([4, 4, 2, 3, 0], grad=[[1.0, 0.0]])[:4] == [1, 10, -0.25, 0]


def test_turned_by_90_degrees_the_width_goes_upwards():
    """The right bin lies above the centre: the wider the box, the higher it is, by a quarter of 10."""
    assert by_box([4, 4, 2, 3, 90], grad=[[0.0, 1.0]])[:4] == [1, 10, -2.5, 0]


def test_the_angle_takes_the_right_bin_upwards():
    """It lies 0.5 to the right of the centre: per radian it goes up by 0.5, and the ramp falls by 5."""
    box = [4, 4, 2, 3, 0]
    assert by_box(box, grad=[[0.0, 1.0]], angle="radians")[4] == -5
    assert by_box(box, grad=[[0.0, 1.0]], angle="radians", clockwise=True)[4] == 5
    assert by_box(box, grad=[[0.0, 1.0]])[4] == pytest.approx(-5 * np.pi / 180, abs=1e-15)


def test_the_angle_of_a_box_about_its_own_middle_does_nothing_on_a_ramp():
    assert by_box([4, 4, 2, 3, 30], sampling_ratio=2)[4] == pytest.approx(0, abs=FEW_ROUNDINGS)


def test_channels_add_up():
    features, grad = np.concatenate([RAMP, -2 * RAMP], axis=1), np.array([[[[1.0]], [[0.25]]]])
    got = roi_align_rotated_backward_rois(grad, features, [[0, 3, 4, 2, 3, 0]], sampling_ratio=1)
    assert got[0].tolist() == [0.5, 5, 0, 0, 0]


# --- on the kinks -----------------------------------------------------------------------------------------


@pytest.mark.parametrize("x", [-2.0, -1.0, -0.5, 7.0, 7.5, 8.0, 9.0])
def test_a_sample_that_is_clamped_or_outside_does_not_move_along_that_axis(x):
    by_x, by_y, *_ = by_box([x + 0.5, 2.0, 1, 1, 0])
    assert by_x == 0
    assert by_y == (10 if -1 <= x <= 8 else 0)


def test_a_side_that_was_made_one_cell_has_no_effect():
    assert by_box([3, 3, 0.5, 2, 0], aligned=False, grad=[[0.0, 1.0]])[2] == 0
    assert by_box([3, 3, 1, 2, 0], aligned=False, grad=[[0.0, 1.0]])[2] == 0.25  # one cell as it is
    assert by_box([3, 3, 2, 0.5, 0], aligned=False, grad=[[0.0], [1.0]])[3] == 0
    assert by_box([3, 3, 0.5, 2, 0], grad=[[0.0, 1.0]])[2] == 0.25


def test_an_empty_box_has_no_adaptive_samples_and_no_gradient():
    assert by_box([2, 2, 0, 1, 20], sampling_ratio=-1) == [0, 0, 0, 0, 0]
    assert by_box([2, 2, 0, 1, 0], sampling_ratio=1) == [1, 10, 0, 0, 0]


def test_a_nan_outside_is_not_seen():
    assert by_box([30, 30, 2, 2, 20], features=RAMP * np.nan, grad=[[np.nan]]) == [0, 0, 0, 0, 0]
    assert np.isnan(by_box([3, 3, 2, 2, 20], features=RAMP * np.nan)).all()


# --- it is the gradient -----------------------------------------------------------------------------------


def far_from_kinks(rois, size, scale, ratio, aligned, least=1e-3):
    """Whether no sample is near a cell's border, and no box near another number of samples."""
    for roi in rois:
        sides = roi[[4, 3]] * scale
        if not aligned and np.any(np.abs(sides - 1) < least):
            return False
        if ratio <= 0 and np.any(np.abs(sides / size - np.round(sides / size)) < least):
            return False
        box = frame(frames(roi[None])[0], scale, aligned)
        counts = sample_counts(box, size, (ratio, ratio))
        for ph, pw in np.ndindex(*size):
            points = np.concatenate(turned(box, *upright_points(box, (ph, pw), size, counts)))
            if np.any(np.abs(points - np.round(points)) < least):
                return False
    return True


@given(
    seed=st.integers(0, 2**32), ratio=st.sampled_from([-1, 1, 2]), aligned=st.booleans(),
    scale=st.sampled_from([1.0, 0.5, 1.25]),
)
def test_it_is_what_central_differences_say(seed, ratio, aligned, scale):
    """Boxes inside, over every border and outside; by the angle, too."""
    rng = np.random.default_rng(seed)
    features, size, K = rng.normal(size=(2, 3, 6, 5)), (2, 3), 2
    rois = rotated_boxes(rng, K)
    assume(far_from_kinks(rois, size, scale, ratio, aligned))
    grad = rng.normal(size=(K, 3, *size))

    def loss(boxes):
        table = np.column_stack([rois[:, 0], boxes])
        return (grad * roi_align_rotated(features, table, size, scale, ratio, aligned)).sum()

    with roikit.use_backend("cpu"):
        expected = central_differences(loss, rois[:, 1:])
    got = roi_align_rotated_backward_rois(grad, features, rois, scale, ratio, aligned)
    np.testing.assert_allclose(got, expected, rtol=0, atol=1e-7)  # 1e-16 of rounding over steps of 1e-6


@pytest.mark.parametrize("options", [{"angle": "radians"}, {"clockwise": True}])
def test_the_angle_in_its_own_unit(options):
    rng = np.random.default_rng(0)
    features, roi = rng.normal(size=(1, 2, 9, 9)), np.array([[0, 4.2, 4.9, 5.3, 3.1, 0.7]])
    grad = rng.normal(size=(1, 2, 3, 2))

    def loss(angle):
        return (grad * roi_align_rotated(features, [[*roi[0, :5], angle[0]]], (3, 2), **options)).sum()

    got = roi_align_rotated_backward_rois(grad, features, roi, **options)
    np.testing.assert_allclose(got[0, 4:], central_differences(loss, roi[0, 5:]), rtol=0, atol=1e-7)


def test_upright_it_is_that_of_roi_align():
    """Centre and size of a box in its corners: the chain rule."""
    rng = np.random.default_rng(1)
    features, grad = rng.normal(size=(1, 2, 9, 9)), rng.normal(size=(1, 2, 3, 2))
    got = roi_align_rotated_backward_rois(grad, features, [[0, 4.25, 4.75, 5.5, 3.25, 0]])[0]
    by_corners = roi_align_backward_rois(grad, features, [[0, 1.5, 3.125, 7, 6.375]], aligned=True)[0]
    x1, y1, x2, y2 = by_corners
    expected = [x1 + x2, y1 + y2, (x2 - x1) / 2, (y2 - y1) / 2]
    np.testing.assert_allclose(got[:4], expected, rtol=0, atol=FEW_ROUNDINGS)


# --- the arrays -------------------------------------------------------------------------------------------


def case(dtype=np.float64):
    rng = np.random.default_rng(2)
    grad, features = rng.normal(size=(4, 3, 2, 3)).astype(dtype), rng.normal(size=(2, 3, 5, 6)).astype(dtype)
    return grad, features, rotated_boxes(rng, 4)


@pytest.mark.parametrize("dtype", [np.float16, np.float32])
def test_it_is_float64_whatever_the_features_are(dtype):
    grad, features, rois = case(dtype)
    got = roi_align_rotated_backward_rois(grad, features, rois)
    assert got.dtype == np.float64
    wide = grad.astype(np.float64), features.astype(np.float64)
    assert np.array_equal(got, roi_align_rotated_backward_rois(*wide, rois))


def test_any_layout():
    grad, features, rois = case()
    expected = roi_align_rotated_backward_rois(grad, features, rois)
    got = roi_align_rotated_backward_rois(np.asfortranarray(grad), features[:, ::-1].copy()[:, ::-1], rois)
    assert np.array_equal(got, expected)
    last = grad.transpose(0, 2, 3, 1).copy(), features.transpose(0, 2, 3, 1).copy()
    assert np.array_equal(roi_align_rotated_backward_rois(*last, rois, layout="NHWC"), expected)


def test_no_boxes_and_no_channels():
    assert roi_align_rotated_backward_rois(np.zeros((0, 1, 2, 2)), RAMP, []).shape == (0, 5)
    got = roi_align_rotated_backward_rois(np.zeros((1, 0, 2, 2)), RAMP[:, :0], [[0, 3, 3, 3, 3, 20]])
    assert got.tolist() == [[0, 0, 0, 0, 0]]
