"""RoIAlign of rotated boxes: where its samples lie, and what turning a box means."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from roikit import (
    _validate_rotated,
    examples,
    roi_align,
    roi_align_rotated,
    roi_align_rotated_backward,
    roi_align_rotated_backward_rois,
    use_backend,
)

pytestmark = pytest.mark.usefixtures("backend")

#                     0   1   2   3
ARANGE = np.arange(16.0).reshape(1, 1, 4, 4)
#                     4   5   6   7
#                     8   9  10  11
#                    12  13  14  15

# Sums of a few float64 values of the size of these maps'.
FEW_ROUNDINGS = 1e-12


def align(box, output_size=2, sampling_ratio=1, aligned=True, features=ARANGE, **options):
    """Align one box (cx, cy, w, h, angle) of the first channel."""
    got = roi_align_rotated(features, [[0, *box]], output_size, 1.0, sampling_ratio, aligned, **options)
    return got[0, 0].tolist()


# --- by hand ----------------------------------------------------------------------------------------------


def test_upright_it_samples_around_its_centre():
    """The box from 1 to 3: four bins, whose centres lie on cells 1 and 2."""
    assert align([2, 2, 2, 2, 0]) == [[5, 6], [9, 10]]


def test_a_positive_angle_turns_counter_clockwise():
    """What was on top and to the left comes to lie at the bottom left, then at the bottom right."""
    assert align([2, 2, 2, 2, 90]) == [[9, 5], [10, 6]]
    assert align([2, 2, 2, 2, 180]) == [[10, 9], [6, 5]]
    assert align([2, 2, 2, 2, 270]) == align([2, 2, 2, 2, -90]) == [[6, 10], [5, 9]]
    assert align([2, 2, 2, 2, 90], clockwise=True) == [[6, 10], [5, 9]]


def test_45_degrees():
    """Two bins, centres half a diagonal of a cell to either side: on cells (2, 1) and (1, 2)."""
    assert align([2, 2, 2 * np.sqrt(2), 1, 45], (1, 2)) == [[pytest.approx(9), pytest.approx(6)]]
    assert align([2, 2, 2 * np.sqrt(2), 1, np.pi / 4], (1, 2), angle="radians") == [
        [pytest.approx(9), pytest.approx(6)]
    ]


def test_width_is_along_the_box_not_along_the_map():
    """A box 3 wide and 1 high, on its end: it reads a column, from the bottom upwards."""
    assert align([1.5, 1.5, 3, 1, 90], (1, 3)) == [[9, 5, 1]]


def test_not_aligned_there_is_no_half_cell_and_a_box_is_at_least_one_cell():
    assert align([2, 2, 2, 2, 0], aligned=False) == [[7.5, 8.5], [11.5, 12.5]]
    assert align([2, 1, 0, 0, 0], (1, 2), aligned=False) == [[5.75, 6.25]]  # 1 cell wide
    assert align([2, 1, 0.5, 3, 90], (1, 2), aligned=False) == align([2, 1, 1, 3, 90], (1, 2), aligned=False)


def test_adaptive_sampling_takes_the_boxs_own_sides():
    rng = np.random.default_rng(0)
    features, box = rng.normal(size=(1, 1, 9, 9)), [4.2, 4.4, 5.1, 6.9, 90]
    explicit = align(box, (2, 3), (4, 2), features=features)  # ceil(6.9 / 2) = 4, ceil(5.1 / 3) = 2
    assert align(box, (2, 3), -1, features=features) == explicit


def test_a_box_without_a_side_has_no_adaptive_samples_and_is_0():
    assert align([2, 2, 0, 2, 30], sampling_ratio=-1) == align([2, 2, 2, 0, 30], 2, -1) == [[0, 0], [0, 0]]
    assert align([2.5, 1.5, 0, 0, 30]) == [[6, 6], [6, 6]]  # a point, with a ratio: cell (1, 2)


def test_samples_off_the_map_are_0_and_counted_and_those_near_it_are_clamped():
    """The samples lie at y = 2 and x = -1.5, -0.5, 0.5 and 1.5."""
    assert align([0.5, 2.5, 4, 1, 0], (1, 4)) == [[0, 8, 8.5, 9.5]]
    assert align([0.5, 2.5, 4, 1, 0], 1, (1, 4)) == [[(0 + 8 + 8.5 + 9.5) / 4]]
    assert align([99, 99, 4, 4, 10]) == [[0, 0], [0, 0]]


def test_a_nan_neighbour_makes_the_bin_nan_also_by_weight_0():
    features = ARANGE.copy()
    features[0, 0, 2, 2] = np.nan
    assert np.isnan(align([2, 2, 2, 2, 90], features=features)).tolist() == [[True, True], [True, True]]
    assert not np.isnan(align([1, 1, 2, 1, 90], (2, 1), features=features)).any()


# --- the angle --------------------------------------------------------------------------------------------


@pytest.mark.parametrize("quarters", range(-8, 9))
@pytest.mark.parametrize("per_unit", [np.pi / 180, -np.pi / 180])
def test_quarters_of_a_turn_are_exact(quarters, per_unit):
    way = np.sign(per_unit)
    found = _validate_rotated.cos_sin(np.array([90.0 * quarters, 3.6e14 + 90 * (quarters % 4)]), per_unit)
    exact = [(1, 0), (0, way), (-1, 0), (0, -way)][quarters % 4]
    for cos, sin in zip(*found, strict=True):
        assert (cos, sin) == exact


@given(st.floats(-1e6, 1e6))
def test_cosine_and_sine(angle):
    (cos,), (sin,) = _validate_rotated.cos_sin(np.array([angle]), np.pi / 180)
    within = np.radians(np.fmod(angle, 360))
    np.testing.assert_allclose([cos, sin], [np.cos(within), np.sin(within)], rtol=0, atol=1e-15)
    assert _validate_rotated.cos_sin(np.array([angle]), -np.pi / 180) == (cos, -sin)


def test_radians_and_degrees_and_both_ways_are_the_same_box():
    rng = np.random.default_rng(1)
    features, boxes = rng.normal(size=(1, 3, 9, 9)), rotated(rng, 5)
    expected = roi_align_rotated(features, boxes, 3)
    turned = boxes.copy()
    turned[:, 5] = np.radians(boxes[:, 5])
    radians = roi_align_rotated(features, turned, 3, angle="radians")
    back = roi_align_rotated(features, boxes * [1, 1, 1, 1, 1, -1], 3, clockwise=True)
    np.testing.assert_allclose(radians, expected, rtol=0, atol=FEW_ROUNDINGS)
    assert np.array_equal(back, expected)


# --- properties -------------------------------------------------------------------------------------------


def rotated(rng, K, images=1, around=9):
    """Boxes that are on the map, for the most part."""
    return np.column_stack([
        rng.integers(0, images, K), rng.uniform(2, around - 2, (K, 2)), rng.uniform(0.5, 5, (K, 2)),
        rng.uniform(-400, 400, K),
    ])


def corners(boxes):
    """The same boxes, upright, as x1, y1, x2, y2."""
    centre, half = boxes[:, 1:3], boxes[:, 3:5] / 2
    return np.column_stack([boxes[:, 0], centre - half, centre + half])


@given(seed=st.integers(0, 2**32), ratio=st.sampled_from([-1, 1, 2]))
def test_by_0_it_is_aligned_roi_align(seed, ratio):
    """Centre and half a side lie on sixteenths: both ways compute the same points."""
    rng = np.random.default_rng(seed)
    features, boxes = rng.normal(size=(2, 2, 7, 8)), rotated(rng, 4, 2)
    boxes[:, 1:5] = np.round(boxes[:, 1:5] * 16) / 16
    boxes[:, 5] = 0
    got = roi_align_rotated(features, boxes, (2, 4), 0.5, ratio)
    expected = roi_align(features, corners(boxes), (2, 4), 0.5, ratio, True)
    np.testing.assert_allclose(got, expected, rtol=0, atol=FEW_ROUNDINGS)


@given(seed=st.integers(0, 2**32), ratio=st.sampled_from([-1, 1, 2]), quarters=st.integers(0, 3))
def test_turning_the_box_is_turning_the_map_the_other_way(seed, ratio, quarters):
    """np.rot90 turns counter-clockwise. Boxes and samples lie on sixteenths: to the last bit but for sums."""
    rng = np.random.default_rng(seed)
    side = 8
    features, boxes = rng.normal(size=(1, 2, side, side)), rotated(rng, 3, around=side)
    boxes[:, 1:5] = np.round(boxes[:, 1:5] * 16) / 16
    boxes[:, 5] = rng.choice([0.0, 90.0, 180.0], 3)
    got = roi_align_rotated(features, boxes, (2, 4), sampling_ratio=ratio)
    map_turned = np.rot90(features, quarters, axes=(2, 3))
    moved = boxes.copy()
    for _ in range(quarters):  # where the centre goes; the box turns along with the map
        moved[:, 1], moved[:, 2] = moved[:, 2].copy(), side - moved[:, 1]
    moved[:, 5] += 90 * quarters
    there = roi_align_rotated(map_turned, moved, (2, 4), sampling_ratio=ratio)
    np.testing.assert_allclose(there, got, rtol=0, atol=FEW_ROUNDINGS)


def test_by_90_degrees_it_reads_the_map_turned_clockwise():
    rng = np.random.default_rng(2)
    features = rng.normal(size=(1, 3, 8, 8))
    got = roi_align_rotated(features, [[0, 4, 4, 4, 6, 90]], (6, 4), sampling_ratio=1)
    upright = roi_align(np.rot90(features, -1, axes=(2, 3)), [[0, 2, 1, 6, 7]], (6, 4), 1.0, 1, True)
    assert np.array_equal(got, upright)


def test_by_180_degrees_it_is_turned_over():
    rng = np.random.default_rng(3)
    features, boxes = rng.normal(size=(1, 3, 9, 9)), rotated(rng, 6)
    over = roi_align_rotated(features, np.add(boxes, [0, 0, 0, 0, 0, 180]), (2, 3))
    np.testing.assert_allclose(
        over[:, :, ::-1, ::-1], roi_align_rotated(features, boxes, (2, 3)), rtol=0, atol=FEW_ROUNDINGS
    )


def test_a_constant_map_gives_the_constant():
    boxes = np.add(rotated(np.random.default_rng(4), 9, around=12), [0, 2, 2, 0, 0, 0])
    got = roi_align_rotated(np.full((1, 2, 16, 16), 2.5), boxes, (3, 2))
    np.testing.assert_allclose(got, 2.5, rtol=0, atol=FEW_ROUNDINGS)


def test_a_linear_map_gives_its_value_at_the_bins_centre():
    features = examples.ramp(16, 16, a=3.0, b=-2.0, c=1.0)[None, None]
    boxes = np.add(rotated(np.random.default_rng(5), 9, around=12), [0, 2, 2, 0, 0, 0])
    got = roi_align_rotated(features, boxes, (2, 3))
    for k, (_, cx, cy, w, h, angle) in enumerate(boxes):
        yy = ((np.arange(2) + 0.5) / 2 - 0.5)[:, None] * h
        xx = ((np.arange(3) + 0.5) / 3 - 0.5) * w
        cos, sin = np.cos(np.radians(angle)), np.sin(np.radians(angle))
        y, x = yy * cos - xx * sin + cy - 0.5, yy * sin + xx * cos + cx - 0.5
        np.testing.assert_allclose(got[k, 0], 3 * y - 2 * x + 1, rtol=0, atol=FEW_ROUNDINGS)


def test_permuting_rois_permutes_rows_and_channels_are_independent():
    rng = np.random.default_rng(6)
    features, boxes = rng.normal(size=(3, 11, 8, 9)), rotated(rng, 9, 3)
    whole = roi_align_rotated(features, boxes, (2, 3))
    order = rng.permutation(len(boxes))
    assert np.array_equal(roi_align_rotated(features, boxes[order], (2, 3)), whole[order])
    assert np.array_equal(roi_align_rotated(features[:, [9, 1]], boxes, (2, 3)), whole[:, [9, 1]])


def test_scaling_image_and_scale_together_changes_nothing():
    rng = np.random.default_rng(7)
    features, boxes = rng.normal(size=(3, 2, 8, 9)), rotated(rng, 9, 3)
    in_image = roi_align_rotated(features, boxes * [1, 16, 16, 16, 16, 1], 2, 1 / 16)
    assert np.array_equal(in_image, roi_align_rotated(features, boxes, 2))


def test_a_map_twice_as_fine_gives_the_same_averages_inside():
    """Upsampling a linear map by 2 (values at the cells' centres) and doubling the scale: the same bins."""
    coarse = examples.ramp(8, 8)[None, None]
    fine = (examples.ramp(16, 16, a=5.0, b=0.5) - 2.75)[None, None]  # at (i + 0.5) / 2 - 0.5
    box = [[0, 4, 3.75, 3.5, 2, 33]]
    got = roi_align_rotated(fine, box, (2, 3), 2.0, 2)
    expected = roi_align_rotated(coarse, box, (2, 3), 1.0, 2)
    np.testing.assert_allclose(got, expected, rtol=0, atol=FEW_ROUNDINGS)


# --- the arrays -------------------------------------------------------------------------------------------


@pytest.mark.parametrize("dtype", [np.float16, np.float32])
def test_it_is_computed_in_float64_and_rounded_once(dtype):
    rng = np.random.default_rng(8)
    features, boxes = rng.normal(size=(3, 2, 8, 9)).astype(dtype), rotated(rng, 9, 3)
    got = roi_align_rotated(features, boxes, 2)
    assert got.dtype == dtype
    assert np.array_equal(got, roi_align_rotated(features.astype(np.float64), boxes, 2).astype(dtype))


def test_channels_last_boxes_by_image_and_out():
    rng = np.random.default_rng(9)
    features, boxes = rng.normal(size=(2, 3, 8, 9)), rotated(rng, 4)
    boxes[:, 0] = [0, 0, 1, 1]
    expected = roi_align_rotated(features, boxes, 2)
    last, out = features.transpose(0, 2, 3, 1).copy(), np.full((4, 2, 2, 3), np.nan)
    by_image = [boxes[:2, 1:], boxes[2:, 1:]]
    assert roi_align_rotated(last, by_image, 2, layout="NHWC", out=out) is out
    assert np.array_equal(out.transpose(0, 3, 1, 2), expected)
    assert roi_align_rotated(features, [], 2).shape == (0, 3, 2, 2)


# --- errors -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("boxes", "options", "sentence"),
    [
        ([[0, 1, 1, 2, 2]], {}, r"rois must have shape \(K, 6\): batch index, cx, cy, w, h, angle; got"),
        ([[0, 1, 1, 2, -2, 0]], {}, r"rois\[0\] has a side of -2.0: the width and height of a rotated box"),
        ([[0, 1, 1, 2, 2, np.inf]], {}, r"rois\[0\] holds inf: boxes must be finite numbers"),
        ([[0, 1, 1e13, 2, 2, 0]], {}, r"rois\[0\] reaches 10000000000000.0 pixels"),
        ([[1, 1, 1, 2, 2, 0]], {}, r"rois\[0\] names batch index 1, but features holds 1 image \(0\)"),
        ([[0, 1, 1, 2, 9000, 0]], {}, r"rois\[0\] is 9000 cells high: over 2 bins that is more than 4096"),
        ([[0, 1, 1, 2, 2, 0]], {"angle": "turns"}, "angle must be 'degrees' or 'radians'; got 'turns'"),
        ([[0, 1, 1, 2, 2, 0]], {"clockwise": 1}, "clockwise must be True or False; got 1"),
    ],
)  # fmt: skip
def test_what_is_wrong_is_said_in_one_sentence(boxes, options, sentence):
    with pytest.raises((TypeError, ValueError), match=sentence):
        roi_align_rotated(ARANGE, boxes, 2, **options)


def test_a_large_angle_is_within_reach():
    assert align([2, 2, 2, 2, 360e12 + 90]) == align([2, 2, 2, 2, 90])


# --- boxes far larger than the map -----------------------------------------------------------------------


@pytest.mark.parametrize("angle", [0, 30, 90, 135, 200])
def test_long_rows_of_samples_that_leave_the_map(angle):
    """40 samples a side of a bin, most of them off the map: those are passed over, to the same bits."""
    features = np.random.default_rng(4).standard_normal((1, 2, 6, 7))
    box = [[0, 3.3, 2.1, 60, 45, angle], [0, 40, -8, 90, 30, angle]]
    expected, *gradients = of_all(features, box, "reference")
    got, *by = of_all(features, box, "plain")
    assert np.array_equal(got, expected)
    assert all(map(np.array_equal, by, gradients))
    assert np.any(got)


def of_all(features, box, backend):
    with use_backend(backend):
        bins = roi_align_rotated(features, box, (3, 2), 1.0, 40)
        by_map = roi_align_rotated_backward(bins, box, features.shape, 1.0, 40)
        return bins, by_map, roi_align_rotated_backward_rois(bins, features, box, 1.0, 40)
