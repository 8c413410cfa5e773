"""The gradient of rotation-invariant RoIAlign by boxes: how samples move, and how orientations are mixed."""

import numpy as np
import pytest
from gradients import central_differences
from hypothesis import assume, given
from hypothesis import strategies as st
from test_roi_align_rotated_backward_rois import far_from_kinks
from turned import rotated_boxes

import roikit
from roikit import (
    riroi_align_rotated,
    riroi_align_rotated_backward,
    riroi_align_rotated_backward_rois,
    roi_align_rotated_backward_rois,
)

pytestmark = pytest.mark.usefixtures("backend")

FEW_ROUNDINGS = 1e-12
#: One cell, on which nothing moves, in four orientations.
CELL = np.array([1.0, 10.0, 100.0, 1000.0]).reshape(1, 4, 1, 1)


def by_angle(angle, grad=(1, 0, 0, 0), unit="radians", **options):
    """The gradient by the angle alone, of a box on one cell, times a quarter of a turn."""
    given, box = np.array(grad, np.float64).reshape(1, 4, 1, 1), [[0, 0.5, 0.5, 1, 1, angle]]
    how = {"sampling_ratio": 1, "num_orientations": 4, "angle": unit, **options}
    by = riroi_align_rotated_backward_rois(given, CELL, box, **how)[0]
    assert not by[:4].any()
    return pytest.approx(by[4] * (90 if unit == "degrees" else np.pi / 2), abs=FEW_ROUNDINGS)


# --- by hand ----------------------------------------------------------------------------------------------


def test_as_the_box_turns_one_orientation_becomes_the_next():
    assert by_angle(0) == by_angle(0.7) == 10 - 1
    assert by_angle(-0.7) == 1 - 1000
    assert by_angle(np.pi / 2) == 100 - 10
    assert by_angle(0.7, clockwise=True) == 1000 - 1
    assert by_angle(30, unit="degrees") == 9
    assert by_angle(0, (0, 0, 2, 3)) == 2 * (1000 - 100) + 3 * (1 - 1000)


def test_as_redet_it_goes_to_the_neighbour_on_the_other_side():
    assert by_angle(0.7, mixing="redet", clockwise=True) == 10 - 1
    assert by_angle(0.7, mixing="redet") == 10 - 1
    assert by_angle(np.pi / 2, mixing="redet") == 1 - 1000


def test_with_one_orientation_it_is_that_of_roi_align_rotated():
    rng = np.random.default_rng(0)
    grad, features, rois = rng.normal(size=(4, 3, 2, 3)), rng.normal(size=(2, 3, 6, 5)), rotated_boxes(rng, 4)
    got = riroi_align_rotated_backward_rois(grad, features, rois, num_orientations=1)
    expected = roi_align_rotated_backward_rois(grad, features, rois)
    np.testing.assert_allclose(got, expected, rtol=0, atol=FEW_ROUNDINGS)


def test_an_empty_box_and_one_off_the_map_have_none():
    grad, features = np.full((2, 4, 1, 1), np.nan), np.full((1, 4, 5, 5), np.nan)
    boxes = [[0, 2, 2, 0, 1, 20], [0, 90, 2, 3, 3, 20]]
    got = riroi_align_rotated_backward_rois(grad, features, boxes, num_orientations=4)
    assert got.tolist() == [[0] * 5] * 2


# --- it is the gradient -----------------------------------------------------------------------------------


@given(
    seed=st.integers(0, 2**32), ratio=st.sampled_from([-1, 1, 2]), scale=st.sampled_from([1.0, 0.5, 1.25]),
    options=st.fixed_dictionaries({
        "num_orientations": st.sampled_from([1, 2, 3, 6]), "aligned": st.booleans(),
        "clockwise": st.booleans(), "mixing": st.sampled_from(["linear", "redet"]),
    }),
)  # fmt: skip
def test_it_is_what_central_differences_say(seed, ratio, scale, options):
    """Boxes inside, over every border and outside; by the angle, too."""
    rng = np.random.default_rng(seed)
    features, size, K = rng.normal(size=(2, 6, 6, 5)), (2, 3), 2
    rois = rotated_boxes(rng, K)
    unflipped = rois * [1, 1, 1, 1, 1, -1 if options["clockwise"] else 1]
    assume(far_from_kinks(unflipped, size, scale, ratio, options["aligned"]))
    steps = rois[:, 5] * options["num_orientations"] / 360
    assume(np.all(np.abs(steps - np.round(steps)) > 1e-4))
    grad = rng.normal(size=(K, 6, *size))

    def loss(boxes):
        table = np.column_stack([rois[:, 0], boxes])
        return (grad * riroi_align_rotated(features, table, size, scale, ratio, **options)).sum()

    with roikit.use_backend("cpu"):
        expected = central_differences(loss, rois[:, 1:])
    got = riroi_align_rotated_backward_rois(grad, features, rois, scale, ratio, **options)
    np.testing.assert_allclose(got, expected, rtol=0, atol=1e-7)  # 1e-16 of rounding over steps of 1e-6


@pytest.mark.parametrize("mixing", ["linear", "redet"])
@pytest.mark.parametrize("clockwise", [False, True])
def test_the_angle_in_radians(clockwise, mixing):
    rng = np.random.default_rng(1)
    features, roi = rng.normal(size=(1, 8, 9, 9)), np.array([[0, 4.2, 4.9, 5.3, 3.1, 0.7]])
    options = {"angle": "radians", "clockwise": clockwise, "mixing": mixing}
    grad = rng.normal(size=(1, 8, 3, 2))

    def loss(angle):
        return (grad * riroi_align_rotated(features, [[*roi[0, :5], angle[0]]], (3, 2), **options)).sum()

    got = riroi_align_rotated_backward_rois(grad, features, roi, **options)
    np.testing.assert_allclose(got[0, 4:], central_differences(loss, roi[0, 5:]), rtol=0, atol=1e-7)


# --- the arrays -------------------------------------------------------------------------------------------


def case(dtype=np.float64):
    rng = np.random.default_rng(2)
    grad, features = rng.normal(size=(4, 8, 2, 3)).astype(dtype), rng.normal(size=(2, 8, 5, 6)).astype(dtype)
    return grad, features, rotated_boxes(rng, 4)


@pytest.mark.parametrize("dtype", [np.float16, np.float32])
def test_it_is_float64_whatever_the_features_are(dtype):
    grad, features, rois = case(dtype)
    got = riroi_align_rotated_backward_rois(grad, features, rois)
    assert got.dtype == np.float64
    wide = grad.astype(np.float64), features.astype(np.float64)
    assert np.array_equal(got, riroi_align_rotated_backward_rois(*wide, rois))


@pytest.mark.parametrize("dtype", [np.float16, np.float32, np.float64])
def test_threads_share_the_boxes_of_a_large_call(dtype):
    rng = np.random.default_rng(3)
    grad, features = rng.normal(size=(300, 16, 3, 3)), rng.normal(size=(2, 16, 9, 8))
    grad, features = grad.astype(dtype), features.astype(dtype)
    rois = rotated_boxes(rng, 300)
    with roikit.use_backend("plain"):
        expected = riroi_align_rotated_backward_rois(grad, features, rois)
    for threads in (1, 3):
        with roikit.use_backend("fast"):
            got = riroi_align_rotated_backward_rois(grad, features, rois, num_threads=threads)
        assert np.array_equal(got, expected)


def test_channels_last():
    grad, features, rois = case()
    last = grad.transpose(0, 2, 3, 1).copy(), features.transpose(0, 2, 3, 1).copy()
    expected = riroi_align_rotated_backward_rois(grad, features, rois)
    assert np.array_equal(riroi_align_rotated_backward_rois(*last, rois, layout="NHWC"), expected)


def test_no_boxes_and_no_channels():
    _, features, _ = case()
    assert riroi_align_rotated_backward_rois(np.zeros((0, 8, 2, 2)), features, []).shape == (0, 5)
    nothing = np.zeros((1, 0, 2, 2)), features[:, :0], [[0, 3, 3, 3, 3, 20]]
    assert riroi_align_rotated_backward_rois(*nothing).tolist() == [[0, 0, 0, 0, 0]]


def test_the_errors_of_the_forward_hold():
    grad, features, rois = case()
    with pytest.raises(ValueError, match=r"^features must have channels in groups of 3 orientations"):
        riroi_align_rotated_backward_rois(grad, features, rois, num_orientations=3)
    with pytest.raises(ValueError, match=r"^mixing must be"):
        riroi_align_rotated_backward(grad, rois, features.shape, mixing="none")
