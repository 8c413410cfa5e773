"""The gradient of deformable RoI pooling by the boxes: samples move, and their shifts grow with the box."""

import numpy as np
import pytest
from deformed import RAMP, case, problems
from gradients import central_differences
from hypothesis import given

import roikit
from roikit import deform_roi_pool, deform_roi_pool_backward_rois, roi_align_backward_rois

pytestmark = pytest.mark.usefixtures("backend")


def by_box(box, along_x=((0.0,),), along_y=((0.0,),), grad=((1.0,),), sampling_ratio=1, scale=1.0):
    """The gradient of one box's bins by x1, y1, x2, y2."""
    grad, offset = np.array(grad)[None, None], np.array([[along_x, along_y]])
    got = deform_roi_pool_backward_rois(grad, RAMP, [[0, *box]], offset, scale, sampling_ratio, 1.0)
    return got[0].tolist()


# --- by hand ----------------------------------------------------------------------------------------------


def test_a_centre_moves_by_half_of_what_an_end_does():
    """On the ramp the sample rises by 1 a column and 10 a row."""
    assert by_box([1, 1, 3, 4]) == [0.5, 5, 0.5, 5]
    assert by_box([2, 2, 6, 8], scale=0.5) == [0.25, 2.5, 0.25, 2.5]


def test_a_shift_by_a_part_of_the_size_is_a_step_towards_the_end():
    """A quarter to the right, and half of the height upwards: at 3/4 and 0 of the box."""
    assert by_box([1, 1, 3, 4], [[0.25]], [[-0.5]]) == [0.25, 10, 0.75, 0]
    assert by_box([1, 1, 3, 4], [[1.5]], [[0.0]]) == [-1, 5, 2, 5]  # beyond the end


def test_each_bin_by_its_own_shift():
    """Centres at 1/4 and 3/4, of which the second is shifted to 1."""
    assert by_box([1, 1, 3, 3], [[0.0, 0.25]], [[0.0, 0.0]], [[1.0, 0.0]]) == [0.75, 5, 0.25, 5]
    assert by_box([1, 1, 3, 3], [[0.0, 0.25]], [[0.0, 0.0]], [[0.0, 1.0]]) == [0, 5, 1, 5]


def test_a_sample_that_is_shifted_off_the_map_has_no_gradient():
    assert by_box([1, 1, 3, 4], [[9.0]]) == [0, 0, 0, 0]


@pytest.mark.parametrize("along", [[1e308, 0.0], [0.0, 1e308]])
def test_nor_has_one_that_is_shifted_beyond_all_numbers(along):
    offset = np.array(along).reshape(1, 2, 1, 1)
    got = deform_roi_pool_backward_rois(np.ones((1, 1, 1, 1)), RAMP, [[0, 1, 1, 3, 4]], offset, 1.0, 1, 100.0)
    assert got.tolist() == [[0, 0, 0, 0]]


def test_an_empty_box_has_no_adaptive_samples_and_no_gradient():
    assert by_box([2, 2, 2, 3], [[0.25]], sampling_ratio=-1) == [0, 0, 0, 0]
    assert by_box([2, 2, 2, 3], [[0.25]]) == [0.25, 5, 0.75, 5]


# --- it is the gradient -----------------------------------------------------------------------------------


@given(problems())
def test_it_is_what_central_differences_say(problem):
    """Boxes inside, over every border, outside and reversed."""
    grad, features, rois, offset, parameters = problem

    def loss(boxes):
        table = np.column_stack([rois[:, 0], boxes])
        return (grad * deform_roi_pool(features, table, offset, offset.shape[2:], *parameters)).sum()

    with roikit.use_backend("cpu"):
        expected = central_differences(loss, rois[:, 1:])
    got = deform_roi_pool_backward_rois(grad, features, rois, offset, *parameters)
    np.testing.assert_allclose(got, expected, rtol=0, atol=1e-7)  # 1e-16 of rounding over steps of 1e-6


def test_without_offsets_it_is_that_of_aligned_roi_align():
    grad, features, rois, _ = case()
    got = deform_roi_pool_backward_rois(grad, features, rois, None, 0.5, 2)
    expected = roi_align_backward_rois(grad, features, rois, 0.5, 2, True)
    np.testing.assert_allclose(got, expected, rtol=0, atol=1e-12)


# --- the arrays -------------------------------------------------------------------------------------------


@pytest.mark.parametrize("dtype", [np.float16, np.float32])
def test_it_is_float64_whatever_the_features_are(dtype):
    grad, features, rois, offset = case(dtype)
    got = deform_roi_pool_backward_rois(grad, features, rois, offset)
    assert got.dtype == np.float64
    wide = grad.astype(np.float64), features.astype(np.float64)
    assert np.array_equal(got, deform_roi_pool_backward_rois(*wide, rois, offset))


def test_any_layout():
    grad, features, rois, offset = case()
    expected = deform_roi_pool_backward_rois(grad, features, rois, offset)
    last = grad.transpose(0, 2, 3, 1).copy(), features.transpose(0, 2, 3, 1).copy()
    assert np.array_equal(deform_roi_pool_backward_rois(*last, rois, offset, layout="NHWC"), expected)


def test_no_boxes_and_no_channels():
    assert deform_roi_pool_backward_rois(np.zeros((0, 1, 2, 2)), RAMP, [], None).shape == (0, 4)
    got = deform_roi_pool_backward_rois(np.zeros((1, 0, 2, 2)), RAMP[:, :0], [[0, 0, 0, 3, 3]], None)
    assert got.tolist() == [[0, 0, 0, 0]]
