"""The gradient of deformable RoI pooling by the offsets: how far they shift, times the slope of the map."""

import numpy as np
import pytest
from deformed import RAMP, case, problems
from gradients import central_differences
from hypothesis import given

import roikit
from roikit import deform_roi_pool, deform_roi_pool_backward_offset, deform_roi_pool_backward_rois

pytestmark = pytest.mark.usefixtures("backend")


def by_offset(box, along_x, along_y, grad, sampling_ratio=1, gamma=1.0, scale=1.0, features=RAMP):
    """The gradient of one box's bins by their offsets along x, and along y."""
    grad, offset = np.array(grad)[None, None], np.array([[along_x, along_y]])
    how = (scale, sampling_ratio, gamma)
    return deform_roi_pool_backward_offset(grad, features, [[0, *box]], offset, *how)[0].tolist()


# --- by hand ----------------------------------------------------------------------------------------------


def test_an_offset_of_one_is_the_whole_size():
    """On the ramp a bin rises by 1 a column and 10 a row; the box is 2 cells wide and 3 high."""
    assert by_offset([1, 1, 3, 4], [[0.0]], [[0.0]], [[1.0]]) == [[[2]], [[30]]]
    assert by_offset([1, 1, 3, 4], [[0.5]], [[-0.25]], [[1.0]]) == [[[2]], [[30]]]
    assert by_offset([1, 1, 3, 4], [[0.0]], [[0.0]], [[1.0]], gamma=0.5) == [[[1]], [[15]]]
    assert by_offset([2, 2, 6, 8], [[0.0]], [[0.0]], [[1.0]], scale=0.5) == [[[2]], [[30]]]


def test_each_bin_has_its_own():
    got = by_offset([1, 1, 3, 3], [[0.0, 0.25]], [[0.0, 0.0]], [[1.0, -2.0]])
    assert got == [[[2, -4]], [[20, -40]]]


def test_samples_of_a_bin_are_averaged_and_those_outside_have_no_slope():
    assert by_offset([1, 1, 3, 4], [[0.0]], [[0.0]], [[1.0]], 2) == [[[2]], [[30]]]
    assert by_offset([1, 1, 3, 3], [[9.0]], [[0.0]], [[1.0]], 2) == [[[0]], [[0]]]
    # Of the columns 4.5 and 6.5 one is on the map of 6; the other is off it.
    assert by_offset([1, 1, 5, 3], [[0.75]], [[0.0]], [[1.0]], (1, 2)) == [[[2]], [[10]]]


def test_a_sample_that_is_clamped_to_the_last_row_still_moves_along_it():
    """At y = 5.5: the slope by y is 0, and that by x is the map's."""
    assert by_offset([1, 5, 3, 7], [[0.0]], [[0.0]], [[1.0]]) == [[[2]], [[0]]]


def test_on_the_border_of_two_cells_the_one_to_the_right_and_below_counts():
    steps = np.tile(np.array([0.0, 1.0, 101.0, 102.0]), (4, 1))
    assert by_offset([1, 0, 2, 1], [[0.0]], [[0.0]], [[1.0]], features=steps[None, None])[0] == [[100]]
    assert by_offset([0, 1, 1, 2], [[0.0]], [[0.0]], [[1.0]], features=steps.T[None, None])[1] == [[100]]


def test_an_empty_box_is_not_shifted():
    assert by_offset([2, 2, 2, 3], [[0.0]], [[0.0]], [[1.0]]) == [[[0]], [[10]]]
    assert by_offset([2, 2, 2, 3], [[0.0]], [[0.0]], [[1.0]], -1) == [[[0]], [[0]]]


# --- it is the gradient -----------------------------------------------------------------------------------


@given(problems())
def test_it_is_what_central_differences_say(problem):
    """Boxes inside, over every border, outside and reversed."""
    grad, features, rois, offset, parameters = problem

    def loss(shifts):
        return (grad * deform_roi_pool(features, rois, shifts, shifts.shape[2:], *parameters)).sum()

    with roikit.use_backend("cpu"):
        expected = central_differences(loss, offset)
    got = deform_roi_pool_backward_offset(grad, features, rois, offset, *parameters)
    np.testing.assert_allclose(got, expected, rtol=0, atol=1e-7)  # 1e-16 of rounding over steps of 1e-6


def test_all_bins_shifted_by_one_cell_is_the_box_moved_by_one():
    """The sum over the bins, by the box's size, is what moving both of its ends does."""
    grad, features, _, offset = case()
    rois = np.array([[0, 1.3, 0.6, 4.2, 3.9], [1, 0.2, 1.3, 2.5, 4.7], [1, 2, 2, 3, 5], [0, -1, 0, 7, 3.3]])
    by_bins = deform_roi_pool_backward_offset(grad, features, rois, offset, gamma=0.1).sum(axis=(2, 3))
    by_ends = deform_roi_pool_backward_rois(grad, features, rois, offset, gamma=0.1)
    size = rois[:, 3:] - rois[:, 1:3]
    np.testing.assert_allclose(by_bins / (0.1 * size), by_ends[:, :2] + by_ends[:, 2:], rtol=0, atol=1e-12)


# --- the arrays -------------------------------------------------------------------------------------------


@pytest.mark.parametrize("dtype", [np.float16, np.float32])
def test_it_is_float64_whatever_the_features_are(dtype):
    grad, features, rois, offset = case(dtype)
    got = deform_roi_pool_backward_offset(grad, features, rois, offset)
    assert got.dtype == np.float64
    wide = grad.astype(np.float64), features.astype(np.float64)
    assert np.array_equal(got, deform_roi_pool_backward_offset(*wide, rois, offset))


def test_any_layout_and_no_offsets():
    grad, features, rois, offset = case()
    expected = deform_roi_pool_backward_offset(grad, features, rois, offset)
    last = grad.transpose(0, 2, 3, 1).copy(), features.transpose(0, 2, 3, 1).copy()
    assert np.array_equal(deform_roi_pool_backward_offset(*last, rois, offset, layout="NHWC"), expected)
    at_zero = deform_roi_pool_backward_offset(grad, features, rois, 0 * offset)
    assert np.array_equal(deform_roi_pool_backward_offset(grad, features, rois, None), at_zero)


def test_no_boxes_and_no_channels():
    got = deform_roi_pool_backward_offset(np.zeros((0, 1, 2, 3)), RAMP, [], None)
    assert got.shape == (0, 2, 2, 3)
    got = deform_roi_pool_backward_offset(np.zeros((1, 0, 1, 1)), RAMP[:, :0], [[0, 0, 0, 3, 3]], None)
    assert got.tolist() == [[[[0]], [[0]]]]
