"""The gradient of rotation-invariant RoIAlign by the map: by hand, differences, transposes."""

import numpy as np
import pytest
from gradients import central_differences
from hypothesis import given
from hypothesis import strategies as st
from turned import rotated_boxes

import roikit
from roikit import riroi_align_rotated, riroi_align_rotated_backward, roi_align_rotated_backward

pytestmark = pytest.mark.usefixtures("backend")

# Sums of a few dozen float64 values of size 1.
FEW_ROUNDINGS = 1e-12


def give_back(angle, grad, **options):
    """What the orientations of the one bin of a box give to those of the cell that it lies on."""
    given = np.array(grad, np.float64).reshape(1, -1, 1, 1)
    how = {"sampling_ratio": 1, "num_orientations": given.size, **options}
    got = riroi_align_rotated_backward(given, [[0, 0.5, 0.5, 1, 1, angle]], (1, given.size, 1, 1), **how)
    return got[0, :, 0, 0].tolist()


# --- by hand ----------------------------------------------------------------------------------------------


def test_an_orientation_gives_to_the_one_that_it_was():
    assert give_back(0, [1, 10, 100, 1000]) == [1, 10, 100, 1000]
    assert give_back(90, [1, 10, 100, 1000]) == [1000, 1, 10, 100]
    assert give_back(-90, [1, 10, 100, 1000]) == [10, 100, 1000, 1]


def test_and_to_both_that_it_was_mixed_of():
    assert give_back(22.5, [8, 0, 0, 0]) == [6, 2, 0, 0]
    assert give_back(-22.5, [8, 0, 0, 0]) == [6, 0, 0, 2]
    assert give_back(112.5, [8, 0, 0, 0]) == [0, 6, 2, 0]
    assert give_back(112.5, [8, 0, 0, 0], mixing="redet") == [2, 0, 0, 6]


def test_samples_share_it_as_those_of_roi_align_rotated():
    rng = np.random.default_rng(0)
    grad, boxes = rng.normal(size=(5, 8, 2, 3)), rotated_boxes(rng, 5)
    boxes[:, 5] = 45 * np.arange(5)
    bins = np.stack([np.roll(each, k, axis=0) for k, each in enumerate(grad)])
    expected = roi_align_rotated_backward(bins, boxes, (2, 8, 6, 7))
    assert np.array_equal(riroi_align_rotated_backward(grad, boxes, (2, 8, 6, 7)), expected)


def test_a_nan_goes_to_both_also_by_weight_0():
    assert np.isnan(give_back(0, [np.nan, 0, 0, 0])).tolist() == [True, True, False, False]


# --- it is the gradient -----------------------------------------------------------------------------------


@st.composite
def problems(draw):
    """Features, boxes, and the other arguments of both directions; bins' gradients are drawn apart."""
    rng = np.random.default_rng(draw(st.integers(0, 2**32)))
    count = draw(st.integers(1, 5))
    H, W = draw(st.integers(1, 6)), draw(st.integers(1, 6))
    shape = draw(st.integers(1, 2)), count * draw(st.integers(1, 2)), H, W
    K = draw(st.integers(0, 3))
    rois = rotated_boxes(rng, K, shape[0])
    rois[:, 5] = np.where(rng.random(K) < 0.4, rng.integers(-9, 10, K) * 360 / count, rois[:, 5])
    size = draw(st.tuples(st.integers(1, 3), st.integers(1, 3)))
    options = {
        "num_orientations": count, "aligned": draw(st.booleans()), "clockwise": draw(st.booleans()),
        "mixing": draw(st.sampled_from(["linear", "redet"])),
    }  # fmt: skip
    sampling = draw(st.sampled_from([1.0, 0.5, 1.25])), draw(st.sampled_from([-1, 1, 2, (0, 3)]))
    return rng, rng.normal(size=shape), rois, size, sampling, options


@given(problems())
def test_it_is_what_central_differences_say(problem):
    """Bins are linear in the map: the differences are exact but for rounding, on every border."""
    rng, features, rois, size, sampling, options = problem
    grad = rng.normal(size=(len(rois), features.shape[1], *size))

    def loss(maps):
        return (grad * riroi_align_rotated(maps, rois, size, *sampling, **options)).sum()

    with roikit.use_backend("cpu"):
        expected = central_differences(loss, features, step=1.0)
    got = riroi_align_rotated_backward(grad, rois, features.shape, *sampling, **options)
    np.testing.assert_allclose(got, expected, rtol=0, atol=FEW_ROUNDINGS)


@given(problems())
def test_it_is_the_transpose(problem):
    """<riroi_align_rotated(x), g> = <x, riroi_align_rotated_backward(g)>."""
    rng, features, rois, size, sampling, options = problem
    bins = riroi_align_rotated(features, rois, size, *sampling, **options)
    grad = rng.normal(size=bins.shape)
    back = riroi_align_rotated_backward(grad, rois, features.shape, *sampling, **options)
    assert abs(np.vdot(bins, grad) - np.vdot(features, back)) < FEW_ROUNDINGS


# --- the arrays -------------------------------------------------------------------------------------------


def case(dtype=np.float64, channels=16):
    """16 channels are more than one block of the compiled kernel, and of 2 × 8 orientations."""
    rng = np.random.default_rng(1)
    grad = rng.normal(size=(5, channels, 2, 3)).astype(dtype)
    return grad, rotated_boxes(rng, 5), (2, channels, 6, 7)


@pytest.mark.parametrize("dtype", [np.float16, np.float32])
def test_it_is_added_up_in_float64_and_rounded_once(dtype):
    grad, rois, shape = case(dtype)
    wide = riroi_align_rotated_backward(grad.astype(np.float64), rois, shape)
    got = riroi_align_rotated_backward(grad, rois, shape)
    assert got.dtype == dtype
    assert np.array_equal(got, wide.astype(dtype))


def test_channels_last_into_out():
    grad, rois, (N, C, H, W) = case()
    expected = riroi_align_rotated_backward(grad, rois, (N, C, H, W))
    out = np.full((N, H, W, C), np.nan)
    grad = grad.transpose(0, 2, 3, 1).copy()
    assert riroi_align_rotated_backward(grad, rois, (N, H, W, C), layout="NHWC", out=out) is out
    assert np.array_equal(out, expected.transpose(0, 2, 3, 1))


@pytest.mark.parametrize("rois", [np.zeros((0, 6)), [], [[], []]])
def test_no_boxes_give_nothing(rois):
    got = riroi_align_rotated_backward(np.zeros((0, 8, 2, 2)), rois, (2, 8, 4, 5))
    assert got.shape == (2, 8, 4, 5)
    assert not got.any()


def test_the_errors_of_the_forward_hold():
    with pytest.raises(ValueError, match=r"rois\[0\] has a side of -1.0"):
        riroi_align_rotated_backward(np.ones((1, 8, 1, 1)), [[0, 1, 1, -1, 1, 0]], (1, 8, 4, 4))
    with pytest.raises(ValueError, match=r"^input_shape must have channels in groups of 8 orientations"):
        riroi_align_rotated_backward(np.ones((1, 9, 1, 1)), [[0, 1, 1, 1, 1, 0]], (1, 9, 4, 4))
    with pytest.raises(ValueError, match=r"^grad must have"):
        riroi_align_rotated_backward(np.ones((1, 8, 1, 1)), [[0, 1, 1, 1, 1, 0]], (1, 16, 4, 4))
