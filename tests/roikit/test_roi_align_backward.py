"""The gradient of average RoIAlign by the map: weights worked by hand, differences, sums, transposes."""

import numpy as np
import pytest
from gradients import boxes_anywhere, central_differences
from hypothesis import given
from hypothesis import strategies as st

import roikit
from roikit import roi_align, roi_align_backward

pytestmark = pytest.mark.usefixtures("backend")

# Sums of a few dozen float64 values of size 1.
FEW_ROUNDINGS = 1e-12


def give_back(box, grad=((1.0,),), sampling_ratio=1, aligned=False, size=(4, 4)):
    """What one channel's bins of one box give to a map of this size."""
    grad = np.array(grad)[None, None]
    return roi_align_backward(grad, [[0, *box]], (1, 1, *size), 1.0, sampling_ratio, aligned)[0, 0].tolist()


# --- by hand ----------------------------------------------------------------------------------------------


def test_one_sample_gives_to_its_four_neighbours_by_their_weights():
    """The sample lies at y = 0.5, x = 1.25: three quarters belong to column 1, one quarter to column 2."""
    assert give_back([0.75, 0, 1.75, 1], [[8.0]]) == [
        [0, 3, 1, 0],
        [0, 3, 1, 0],
        [0, 0, 0, 0],
        [0, 0, 0, 0],
    ]


def test_a_sample_on_a_cell_gives_to_it_alone():
    assert give_back([1, 2, 2, 3], aligned=True) == [[0, 0, 0, 0], [0, 0, 0, 0], [0, 1, 0, 0], [0, 0, 0, 0]]


def test_bins_that_read_the_same_cells_add_up():
    """Two samples in a row, at x = 0.5 and 1.5: column 1 is a neighbour of both."""
    assert give_back([0, 0, 2, 1], [[4.0, 40.0]]) == [
        [1, 11, 10, 0],
        [1, 11, 10, 0],
        [0, 0, 0, 0],
        [0, 0, 0, 0],
    ]


def test_boxes_on_one_place_add_up_and_images_are_apart():
    grad, box = np.array([1.0, 10.0, 100.0]).reshape(3, 1, 1, 1), [1, 1, 2, 2]
    got = roi_align_backward(grad, [[0, *box], [1, *box], [0, *box]], (2, 1, 3, 3), aligned=True)
    assert got[:, 0, 1, 1].tolist() == [101, 10]
    assert got.sum() == 111


def test_samples_of_a_bin_share_its_gradient():
    """Four samples, at 0.5 and 1.5 of either axis, have a quarter of the 16 each: 4 times 1, 2, 1 over 2."""
    assert give_back([0, 0, 2, 2], [[16.0]], sampling_ratio=2) == [
        [1, 2, 1, 0],
        [2, 4, 2, 0],
        [1, 2, 1, 0],
        [0, 0, 0, 0],
    ]


def test_a_clamped_sample_gives_to_the_border():
    """x = -0.5 reads column 0, x = 4 = W column 3; y is 0.5."""
    assert give_back([-1, 0, 0, 1], [[2.0]], size=(2, 4)) == [[1, 0, 0, 0], [1, 0, 0, 0]]
    assert give_back([3.5, 0, 4.5, 1], [[2.0]], size=(2, 4)) == [[0, 0, 0, 1], [0, 0, 0, 1]]


def test_a_sample_outside_loses_its_share():
    """x = 3.5 (clamped to column 3) and 4.5 (outside)."""
    got = give_back([3, 0, 5, 1], [[4.0]], sampling_ratio=(1, 2), size=(2, 4))
    assert got == [[0, 0, 0, 1], [0, 0, 0, 1]]
    assert not np.any(give_back([9, 9, 12, 12]))


def test_an_empty_box_has_no_adaptive_samples_and_gives_nothing():
    assert not np.any(give_back([2, 2, 1, 1], sampling_ratio=-1, aligned=True))
    assert np.sum(give_back([2, 2, 1, 1], sampling_ratio=1, aligned=True)) == 1


def test_a_nan_goes_to_all_four_neighbours_also_by_weight_0():
    got = give_back([1, 1, 2, 2], [[np.nan]], aligned=True)  # on cell (1, 1)
    assert np.argwhere(np.isnan(got)).tolist() == [[1, 1], [1, 2], [2, 1], [2, 2]]
    assert not np.any(give_back([9, 9, 12, 12], [[np.nan]]))


# --- it is the gradient -----------------------------------------------------------------------------------


@st.composite
def problems(draw):
    """Features, boxes, and the other arguments of both directions; bins' gradients are drawn apart."""
    rng = np.random.default_rng(draw(st.integers(0, 2**32)))
    shape = draw(st.tuples(st.integers(1, 2), st.integers(1, 2), st.integers(1, 6), st.integers(1, 6)))
    rois = boxes_anywhere(rng, draw(st.integers(0, 3)), shape[0], 6)
    size = draw(st.tuples(st.integers(1, 3), st.integers(1, 3)))
    scale, ratio = draw(st.sampled_from([1.0, 0.5, 1.25])), draw(st.sampled_from([-1, 1, 2, (0, 3)]))
    return rng, rng.normal(size=shape), rois, size, (scale, ratio, draw(st.booleans()))


@given(problems())
def test_it_is_what_central_differences_say(problem):
    """Bins are linear in the map: the differences are exact but for rounding, on every border."""
    rng, features, rois, size, parameters = problem
    grad = rng.normal(size=(len(rois), features.shape[1], *size))
    with roikit.use_backend("cpu"):
        expected = central_differences(
            lambda maps: (grad * roi_align(maps, rois, size, *parameters)).sum(), features, step=1.0
        )
    got = roi_align_backward(grad, rois, features.shape, *parameters)
    np.testing.assert_allclose(got, expected, rtol=0, atol=FEW_ROUNDINGS)


@given(problems())
def test_it_is_the_transpose(problem):
    """<roi_align(x), g> = <x, roi_align_backward(g)>."""
    rng, features, rois, size, parameters = problem
    bins = roi_align(features, rois, size, *parameters)
    grad = rng.normal(size=bins.shape)
    back = roi_align_backward(grad, rois, features.shape, *parameters)
    assert abs(np.vdot(bins, grad) - np.vdot(features, back)) < FEW_ROUNDINGS


@pytest.mark.parametrize("sampling_ratio", [-1, 1, 3])
def test_where_all_samples_are_inside_nothing_is_lost(sampling_ratio):
    rng = np.random.default_rng(0)
    corner = rng.uniform(0, 4, (9, 2))
    rois = np.column_stack([np.zeros(9), corner, corner + rng.uniform(1, 4, (9, 2))])
    grad = rng.normal(size=(9, 2, 3, 2))
    got = roi_align_backward(grad, rois, (1, 2, 9, 9), 1.0, sampling_ratio)
    np.testing.assert_allclose(got.sum(axis=(0, 2, 3)), grad.sum(axis=(0, 2, 3)), atol=FEW_ROUNDINGS)


# --- the arrays -------------------------------------------------------------------------------------------


def case(dtype=np.float64, channels=11):
    """11 channels are more than one block of the compiled kernel."""
    rng = np.random.default_rng(1)
    grad = rng.normal(size=(5, channels, 2, 3)).astype(dtype)
    return grad, boxes_anywhere(rng, 5, 2, 6), (2, channels, 6, 7)


def test_float32_is_added_up_in_float64_and_rounded_once():
    grad, rois, shape = case(np.float32)
    wide = roi_align_backward(grad.astype(np.float64), rois, shape)
    got = roi_align_backward(grad, rois, shape)
    assert got.dtype == np.float32
    assert np.array_equal(got, wide.astype(np.float32))


def test_halves_are_rounded_once():
    grad, rois, shape = case(np.float16)
    wide = roi_align_backward(grad.astype(np.float64), rois, shape)
    got = roi_align_backward(grad, rois, shape)
    assert got.dtype == np.float16
    assert np.array_equal(got, wide.astype(np.float16))


def test_channels_last():
    grad, rois, (N, C, H, W) = case()
    expected = roi_align_backward(grad, rois, (N, C, H, W))
    got = roi_align_backward(grad.transpose(0, 2, 3, 1).copy(), rois, (N, H, W, C), layout="NHWC")
    assert np.array_equal(got, expected.transpose(0, 2, 3, 1))


@pytest.mark.parametrize("layout", ["NCHW", "NHWC"])
def test_out_is_written_over_whatever_it_held(layout):
    grad, rois, shape = case()
    expected = roi_align_backward(grad, rois, shape)
    if layout == "NHWC":
        grad, shape, expected = grad.transpose(0, 2, 3, 1), (2, 6, 7, 11), expected.transpose(0, 2, 3, 1)
    out = np.full((2 * shape[0], *shape[1:]), np.nan)[::2]
    assert roi_align_backward(grad, rois, shape, layout=layout, out=out) is out
    assert np.array_equal(out, expected)


@pytest.mark.parametrize("rois", [np.zeros((0, 5)), [], [[], []]])
def test_no_boxes_give_nothing(rois):
    got = roi_align_backward(np.zeros((0, 3, 2, 2)), rois, (2, 3, 4, 5))
    assert got.shape == (2, 3, 4, 5)
    assert not got.any()


def test_no_channels_and_no_images():
    assert roi_align_backward(np.zeros((1, 0, 2, 2)), [[0, 0, 0, 1, 1]], (1, 0, 4, 4)).shape == (1, 0, 4, 4)
    assert roi_align_backward(np.zeros((0, 3, 2, 2)), [], (0, 3, 4, 4)).shape == (0, 3, 4, 4)
