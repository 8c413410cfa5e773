"""The gradient of RoIAlign of rotated boxes by the map: by hand, differences, sums, transposes."""

import numpy as np
import pytest
from gradients import central_differences
from hypothesis import given
from hypothesis import strategies as st
from turned import rotated_boxes

import roikit
from roikit import roi_align_rotated, roi_align_rotated_backward

pytestmark = pytest.mark.usefixtures("backend")

# Sums of a few dozen float64 values of size 1.
FEW_ROUNDINGS = 1e-12


def give_back(box, grad=((1.0,),), sampling_ratio=1, aligned=True, size=(4, 4), **options):
    """What one channel's bins of one box (cx, cy, w, h, angle) give to a map of this size."""
    grad = np.array(grad)[None, None]
    got = roi_align_rotated_backward(
        grad, [[0, *box]], (1, 1, *size), 1.0, sampling_ratio, aligned, **options
    )
    return got[0, 0].tolist()


# --- by hand ----------------------------------------------------------------------------------------------


def test_one_sample_gives_to_its_four_neighbours_by_their_weights():
    """The right bin of the box lies above its centre, y = 1 and x = 1.25: its sample half a cell higher."""
    assert give_back([1.75, 1.5, 2, 1, 90], [[0.0, 8.0]]) == [
        [0, 3, 1, 0],
        [0, 3, 1, 0],
        [0, 0, 0, 0],
        [0, 0, 0, 0],
    ]
    assert give_back([1.75, 1.5, 2, 1, 90], [[8.0, 0.0]], clockwise=True) == give_back(
        [1.75, 1.5, 2, 1, 90], [[0.0, 8.0]]
    )


def test_samples_of_a_bin_share_its_gradient():
    """Four samples around (2, 2), at 1.5 and 2.5 before the half cell, however often it is turned by 90°."""
    for angle in (0, 90, 180, 270):
        assert give_back([2, 2, 2, 2, angle], [[16.0]], sampling_ratio=2) == [
            [0, 0, 0, 0],
            [0, 4, 4, 0],
            [0, 4, 4, 0],
            [0, 0, 0, 0],
        ]


def test_a_sample_outside_loses_its_share_and_one_that_is_clamped_gives_to_the_border():
    got = give_back([0.5, 0.5, 4, 1, 0], [[1.0, 10.0, 100.0, 1000.0]], size=(1, 4))
    assert got == [[10 + 50, 50 + 500, 500, 0]]  # x = -1.5, -0.5, 0.5, 1.5
    assert not np.any(give_back([40, 40, 2, 2, 30]))


def test_boxes_on_one_place_add_up_and_images_are_apart():
    grad, box = np.array([1.0, 10.0, 100.0]).reshape(3, 1, 1, 1), [1.5, 1.5, 1, 1, 90]
    got = roi_align_rotated_backward(grad, [[0, *box], [1, *box], [0, *box]], (2, 1, 3, 3))
    assert got[:, 0, 1, 1].tolist() == [101, 10]
    assert got.sum() == 111


def test_an_empty_box_has_no_adaptive_samples_and_gives_nothing():
    assert not np.any(give_back([2, 2, 0, 2, 30], sampling_ratio=-1))
    assert np.sum(give_back([2, 2, 0, 2, 30], sampling_ratio=1)) == 1


def test_a_nan_goes_to_all_four_neighbours_also_by_weight_0():
    got = give_back([1.5, 1.5, 1, 1, 90], [[np.nan]])  # on cell (1, 1)
    assert np.argwhere(np.isnan(got)).tolist() == [[1, 1], [1, 2], [2, 1], [2, 2]]


# --- it is the gradient -----------------------------------------------------------------------------------


@st.composite
def problems(draw):
    """Features, boxes, and the other arguments of both directions; bins' gradients are drawn apart."""
    rng = np.random.default_rng(draw(st.integers(0, 2**32)))
    shape = draw(st.tuples(st.integers(1, 2), st.integers(1, 2), st.integers(1, 6), st.integers(1, 6)))
    K = draw(st.integers(0, 3))
    rois = rotated_boxes(rng, K, shape[0])
    rois[:, 5] = np.where(rng.random(K) < 0.4, rng.integers(-4, 5, K) * 90, rois[:, 5])
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
            lambda maps: (grad * roi_align_rotated(maps, rois, size, *parameters)).sum(), features, step=1.0
        )
    got = roi_align_rotated_backward(grad, rois, features.shape, *parameters)
    np.testing.assert_allclose(got, expected, rtol=0, atol=FEW_ROUNDINGS)


@given(problems())
def test_it_is_the_transpose(problem):
    """<roi_align_rotated(x), g> = <x, roi_align_rotated_backward(g)>."""
    rng, features, rois, size, parameters = problem
    bins = roi_align_rotated(features, rois, size, *parameters)
    grad = rng.normal(size=bins.shape)
    back = roi_align_rotated_backward(grad, rois, features.shape, *parameters)
    assert abs(np.vdot(bins, grad) - np.vdot(features, back)) < FEW_ROUNDINGS


# --- the arrays -------------------------------------------------------------------------------------------


def case(dtype=np.float64, channels=11):
    """11 channels are more than one block of the compiled kernel."""
    rng = np.random.default_rng(1)
    grad = rng.normal(size=(5, channels, 2, 3)).astype(dtype)
    return grad, rotated_boxes(rng, 5), (2, channels, 6, 7)


@pytest.mark.parametrize("dtype", [np.float16, np.float32])
def test_it_is_added_up_in_float64_and_rounded_once(dtype):
    grad, rois, shape = case(dtype)
    wide = roi_align_rotated_backward(grad.astype(np.float64), rois, shape)
    got = roi_align_rotated_backward(grad, rois, shape)
    assert got.dtype == dtype
    assert np.array_equal(got, wide.astype(dtype))


def test_channels_last_into_out():
    grad, rois, (N, C, H, W) = case()
    expected = roi_align_rotated_backward(grad, rois, (N, C, H, W))
    out = np.full((N, H, W, C), np.nan)
    grad = grad.transpose(0, 2, 3, 1).copy()
    assert roi_align_rotated_backward(grad, rois, (N, H, W, C), layout="NHWC", out=out) is out
    assert np.array_equal(out, expected.transpose(0, 2, 3, 1))


@pytest.mark.parametrize("rois", [np.zeros((0, 6)), [], [[], []]])
def test_no_boxes_give_nothing(rois):
    got = roi_align_rotated_backward(np.zeros((0, 3, 2, 2)), rois, (2, 3, 4, 5))
    assert got.shape == (2, 3, 4, 5)
    assert not got.any()


def test_the_errors_of_the_forward_hold():
    with pytest.raises(ValueError, match=r"rois\[0\] has a side of -1.0"):
        roi_align_rotated_backward(np.ones((1, 1, 1, 1)), [[0, 1, 1, -1, 1, 0]], (1, 1, 4, 4))
    with pytest.raises(ValueError, match="grad must have one row for each box"):
        roi_align_rotated_backward(np.ones((2, 1, 1, 1)), [[0, 1, 1, 1, 1, 0]], (1, 1, 4, 4))
