"""Rotation-invariant RoIAlign: which orientations a turned box reads, and that turning does not matter."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from turned import rotated_boxes

from roikit import PRESETS, riroi_align_rotated, roi_align_rotated

pytestmark = pytest.mark.usefixtures("backend")

# Sums of a few float64 values of the size of these maps'.
FEW_ROUNDINGS = 1e-12
#: One cell, and the powers of 10 in four orientations.
POWERS = np.array([1.0, 10.0, 100.0, 1000.0]).reshape(1, 4, 1, 1)


def orientations(angle, features=POWERS, num_orientations=4, unit="degrees", **options):
    """The channels of the one bin of a box that is turned about the middle of the first cell."""
    box, how = [[0, 0.5, 0.5, 1, 1, angle]], {"num_orientations": num_orientations, "angle": unit, **options}
    return riroi_align_rotated(features, box, 1, sampling_ratio=1, **how)[0, :, 0, 0].tolist()


# --- by hand ----------------------------------------------------------------------------------------------


def test_a_quarter_of_a_turn_is_one_of_four_orientations():
    """What a quarter turned counter-clockwise is found one orientation further: it is brought back."""
    assert orientations(0) == [1, 10, 100, 1000]
    assert orientations(90) == [10, 100, 1000, 1]
    assert orientations(180) == orientations(-180) == orientations(540) == [100, 1000, 1, 10]
    assert orientations(-90) == orientations(90, clockwise=True) == [1000, 1, 10, 100]


def test_between_two_orientations_both_are_read_by_how_near_they_are():
    assert orientations(45) == [5.5, 55, 550, 500.5]
    assert orientations(22.5) == [0.75 + 2.5, 7.5 + 25, 75 + 250, 750 + 0.25]
    assert orientations(-22.5) == [0.75 + 250, 7.5 + 0.25, 75 + 2.5, 750 + 25]
    assert orientations(np.pi / 4, unit="radians") == [5.5, 55, 550, 500.5]


def test_groups_of_orientations_are_mixed_by_themselves():
    features = np.concatenate([POWERS, -POWERS], axis=1)
    assert orientations(90, features) == [10, 100, 1000, 1, -10, -100, -1000, -1]
    assert orientations(120, POWERS[:, :3], 3) == [10, 100, 1]
    assert orientations(33, POWERS, 1) == pytest.approx([1, 10, 100, 1000])


def test_as_redet_the_other_neighbour_is_mixed_in():
    """By whole steps as clockwise=True; half a step on not with what comes next but with what was before."""
    assert orientations(90, mixing="redet", clockwise=True) == orientations(90, clockwise=True)
    assert orientations(90, mixing="redet") == orientations(90, clockwise=True)
    assert orientations(45, mixing="redet", clockwise=True) == orientations(45) == [5.5, 55, 550, 500.5]
    almost = orientations(90 - 1e-9, mixing="redet")
    np.testing.assert_allclose(almost, [10, 100, 1000, 1], rtol=1e-6)  # and at 90 two orientations on


def test_the_bins_are_those_of_roi_align_rotated():
    rng = np.random.default_rng(0)
    features, boxes = rng.normal(size=(2, 8, 7, 8)), rotated_boxes(rng, 5)
    boxes[:, 5] = 45 * np.arange(5)
    for aligned in (False, True):
        bins = roi_align_rotated(features, boxes, (2, 3), 0.5, -1, aligned)
        got = riroi_align_rotated(features, boxes, (2, 3), 0.5, aligned=aligned)
        for k in range(5):
            assert np.array_equal(got[k], np.roll(bins[k], -k, axis=0))


def test_a_nan_in_either_orientation_is_one_also_by_weight_0():
    features = POWERS.copy()
    features[0, 1] = np.nan
    assert np.isnan(orientations(0, features)).tolist() == [True, True, False, False]


# --- properties -------------------------------------------------------------------------------------------


@given(seed=st.integers(0, 2**32), quarters=st.integers(1, 3), count=st.sampled_from([4, 8]))
def test_turning_the_image_and_the_box_changes_nothing(seed, quarters, count):
    """The map of a turned image, as an equivariant network makes it: turned, and so many orientations on."""
    rng = np.random.default_rng(seed)
    side = 8
    features, boxes = rng.normal(size=(1, 2 * count, side, side)), rotated_boxes(rng, 3, 1, side)
    boxes[:, 1:5] = np.round(boxes[:, 1:5] * 16) / 16
    boxes[:, 5] = rng.choice([0.0, 90.0, 180.0, 22.5], 3)
    upright = riroi_align_rotated(features, boxes, (2, 3), sampling_ratio=2, num_orientations=count)
    by_group = features.reshape(1, 2, count, side, side)
    moved = np.roll(by_group, quarters * count // 4, axis=2).reshape(features.shape)
    turned = boxes.copy()
    for _ in range(quarters):  # where the centre goes; the box turns along with the map
        turned[:, 1], turned[:, 2] = turned[:, 2].copy(), side - turned[:, 1]
    turned[:, 5] += 90 * quarters
    image = np.rot90(moved, quarters, axes=(2, 3))
    got = riroi_align_rotated(image, turned, (2, 3), sampling_ratio=2, num_orientations=count)
    np.testing.assert_allclose(got, upright, rtol=0, atol=FEW_ROUNDINGS)


@given(seed=st.integers(0, 2**32), steps=st.integers(-20, 20), count=st.integers(1, 9))
def test_it_does_not_leap_where_the_next_orientation_begins(seed, steps, count):
    """A little before a whole step it is almost what it is there."""
    rng = np.random.default_rng(seed)
    features = rng.normal(size=(1, count, 6, 6))
    box, least = np.array([[0, 3.2, 2.9, 3, 2, steps * 360 / count]]), [0, 0, 0, 0, 0, 1e-9]
    there, before, after = (
        riroi_align_rotated(features, each, 2, num_orientations=count)
        for each in (box, box - least, box + least)
    )
    np.testing.assert_allclose(before, there, rtol=0, atol=1e-8)
    np.testing.assert_allclose(after, there, rtol=0, atol=1e-8)


def test_one_orientation_is_roi_align_rotated():
    rng = np.random.default_rng(1)
    features, boxes = rng.normal(size=(2, 3, 7, 8)), rotated_boxes(rng, 5)
    got = riroi_align_rotated(features, boxes, 2, num_orientations=1)
    np.testing.assert_allclose(got, roi_align_rotated(features, boxes, 2), rtol=0, atol=FEW_ROUNDINGS)


def test_what_is_the_same_in_all_orientations_stays_it():
    rng = np.random.default_rng(2)
    features, boxes = np.repeat(rng.normal(size=(2, 3, 7, 8)), 5, axis=1), rotated_boxes(rng, 5)
    expected = np.repeat(roi_align_rotated(features[:, ::5], boxes, 2), 5, axis=1)
    got = riroi_align_rotated(features, boxes, 2, num_orientations=5)
    np.testing.assert_allclose(got, expected, rtol=0, atol=FEW_ROUNDINGS)


def written_anew(features, boxes, count, clockwise):
    """mmcv's mixing of two planes, as its kernel has it, of bins that are known."""
    bins = roi_align_rotated(features, boxes, 2, 1.0, 2, False, angle="radians", clockwise=clockwise)
    got = np.empty_like(bins)
    for k, c in np.ndindex(bins.shape[:2]):
        steps = boxes[k, 5] * count / (2 * np.pi)
        first = int(np.floor(steps))
        group, o = divmod(c, count)
        rotated = (o - first) % count
        right, left = group * count + rotated, group * count + (rotated + 1) % count
        got[k, c] = (1 - steps + first) * bins[k, right] + (steps - first) * bins[k, left]
    return got


@given(seed=st.integers(0, 2**32), count=st.sampled_from([1, 3, 4, 8]), clockwise=st.booleans())
def test_mmcvs_mixing(seed, count, clockwise):
    rng = np.random.default_rng(seed)
    features, boxes = rng.normal(size=(2, 2 * count, 6, 7)), rotated_boxes(rng, 3)
    boxes[:, 5] = rng.uniform(-7, 7, 3)
    how = {**PRESETS["riroi_align_rotated"]["mmcv"], "clockwise": clockwise}
    got = riroi_align_rotated(features, boxes, 2, sampling_ratio=2, num_orientations=count, **how)
    np.testing.assert_allclose(got, written_anew(features, boxes, count, clockwise), rtol=0, atol=1e-11)


# --- the arrays -------------------------------------------------------------------------------------------


@pytest.mark.parametrize("dtype", [np.float16, np.float32])
def test_it_is_computed_in_float64_and_rounded_once(dtype):
    rng = np.random.default_rng(3)
    features, boxes = rng.normal(size=(2, 16, 6, 7)).astype(dtype), rotated_boxes(rng, 5)
    got = riroi_align_rotated(features, boxes, 2)
    assert got.dtype == dtype
    assert np.array_equal(got, riroi_align_rotated(features.astype(np.float64), boxes, 2).astype(dtype))


def test_channels_last_boxes_by_image_and_out():
    rng = np.random.default_rng(4)
    features, boxes = rng.normal(size=(2, 8, 6, 7)), rotated_boxes(rng, 4)
    boxes[:, 0] = [0, 0, 1, 1]
    expected = riroi_align_rotated(features, boxes, 2)
    last, out = features.transpose(0, 2, 3, 1).copy(), np.full((4, 2, 2, 8), np.nan)
    by_image = [boxes[:2, 1:], boxes[2:, 1:]]
    assert riroi_align_rotated(last, by_image, 2, layout="NHWC", out=out) is out
    assert np.array_equal(out.transpose(0, 3, 1, 2), expected)
    assert riroi_align_rotated(features, [], 2).shape == (0, 8, 2, 2)
    assert riroi_align_rotated(features, [], 2**16).shape == (0, 8, 2**16, 2**16)  # takes no memory


@pytest.mark.parametrize(
    ("options", "sentence"),
    [
        ({"num_orientations": 3}, "^features must have channels in groups of 3 orientations, a multiple"),
        ({"num_orientations": 0}, "^num_orientations must lie within 1 .. 1048576; got 0"),
        ({"num_orientations": 2.0}, "^num_orientations must be a whole number; got 2.0"),
        ({"mixing": "mmcv"}, "^mixing must be 'linear' or 'redet'; got 'mmcv'"),
        ({"mixing": None}, "^mixing must be 'linear' or 'redet'; got None"),
        ({"unit": "turns"}, "^angle must be 'degrees' or 'radians'; got 'turns'"),
    ],
)  # fmt: skip
def test_what_is_wrong_is_said_in_one_sentence(options, sentence):
    with pytest.raises((TypeError, ValueError), match=sentence):
        orientations(0, **{"num_orientations": 4, **options})


@pytest.mark.parametrize("angle", [3.6e17 + 90, 1e300, -1e-300, 5e-324])
@pytest.mark.parametrize("mixing", ["linear", "redet"])
@pytest.mark.parametrize("unit", ["degrees", "radians"])
def test_any_finite_angle(angle, mixing, unit):
    assert sum(orientations(angle, mixing=mixing, unit=unit)) == pytest.approx(1111)
