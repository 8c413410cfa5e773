"""RoIAlign: the rules one by one, on maps small enough to follow."""

import numpy as np
import pytest

from roikit import CONVENTIONS, Convention, bilinear_interpolate, examples, roi_align
from roikit.reference.roi_align import sample_count, sample_points

pytestmark = pytest.mark.usefixtures("backend")

#                     0   1   2   3
ARANGE = np.arange(16.0).reshape(1, 1, 4, 4)
#                     4   5   6   7
#                     8   9  10  11
#                    12  13  14  15

# Sums of a few float64 values of the size of these maps'.
FEW_ROUNDINGS = 1e-12


def align(box, output_size=1, sampling_ratio=1, aligned=False, features=ARANGE, **options):
    """Align one box of the first channel."""
    got = roi_align(features, [[0, *box]], output_size, 1.0, sampling_ratio, aligned, **options)
    return got[0, 0].tolist()


# --- where a bin is sampled -------------------------------------------------------------------------------


def test_one_sample_lies_at_the_bins_centre():
    assert align([0, 0, 1, 1]) == [[2.5]]  # (0.5, 0.5): the mean of 0, 1, 4, 5
    assert align([0, 0, 2, 2]) == [[5]]  # (1, 1)


def test_aligned_shifts_by_half_a_cell():
    assert align([0, 0, 1, 1], aligned=True) == [[0]]  # (0, 0)
    assert align([1, 2, 2, 3], aligned=True) == [[9]]  # the centre of cell (2, 1)


def test_samples_lie_at_the_centres_of_equal_parts():
    assert sample_points(1.0, 4.0, 2, 2).tolist() == [[1.5, 2.5], [3.5, 4.5]]
    assert sample_points(0.0, 3.0, 1, 3).tolist() == [[0.5, 1.5, 2.5]]


def test_adaptive_sampling_takes_ceil_of_the_bin_size():
    assert [sample_count(size, 2, 0) for size in (0.5, 2.0, 2.5, 4.0, 4.25)] == [1, 1, 2, 2, 3]
    assert sample_count(0.0, 2, -1) == 0
    assert sample_count(-3.0, 2, -1) == 0
    assert sample_count(100.0, 2, 3) == 3


def test_a_ratio_of_2_is_4_points_a_bin():
    """The bin is 2 by 2 cells from (0, 0); its points lie at 0.5 and 1.5."""
    points = bilinear_interpolate(ARANGE[0, 0], [[0.5], [1.5]], [0.5, 1.5])
    assert align([0, 0, 2, 2], sampling_ratio=2) == [[points.mean()]]
    assert align([0, 0, 2, 2], sampling_ratio=2, mode="max") == [[points.max()]] == [[7.5]]


def test_a_ratio_may_differ_between_the_axes_and_be_adaptive_on_one():
    rng = np.random.default_rng(0)
    features, box = rng.normal(size=(1, 1, 9, 9)), [0.3, 0.2, 5.4, 7.1]
    explicit = align(box, (2, 3), (4, 2), features=features)  # ceil(6.9 / 2) = 4, ceil(5.1 / 3) = 2
    assert align(box, (2, 3), (0, 2), features=features) == explicit
    assert align(box, (2, 3), (4, -1), features=features) == explicit
    assert align(box, (2, 3), -1, features=features) == explicit


# --- small, empty and reversed boxes ----------------------------------------------------------------------


def test_without_aligned_a_box_is_at_least_one_cell():
    assert align([1, 1, 1, 1]) == align([1, 1, 2, 2]) == [[7.5]]
    assert align([1, 1, 0, 0], sampling_ratio=-1) == [[7.5]]  # reversed: from its start


@pytest.mark.parametrize("box", [[1, 1, 1, 1], [2, 2, 1, 1], [2, 1, 1, 3], [1, 3, 2, 2]])
@pytest.mark.parametrize("mode", ["avg", "max"])
def test_with_aligned_an_empty_or_reversed_box_has_no_adaptive_samples_and_is_0(box, mode):
    features = ARANGE - 100
    assert align(box, 2, -1, aligned=True, features=features, mode=mode) == [[0, 0], [0, 0]]


def test_with_aligned_and_a_ratio_a_box_is_sampled_as_it_stands():
    assert align([1.5, 1.5, 1.5, 1.5], aligned=True) == [[5]]  # the point (1, 1)
    forward = align([0.5, 0.5, 2.5, 2.5], 2, 1, aligned=True)
    assert align([2.5, 2.5, 0.5, 0.5], 2, 1, aligned=True) == [row[::-1] for row in forward[::-1]]


# --- the map's border -------------------------------------------------------------------------------------


def test_a_sample_outside_is_0_and_stays_in_the_divisor():
    """Points at x = 3.5 (clamped to column 3) and 4.5 (outside), both at y = 0.5."""
    assert align([3, 0, 5, 1], sampling_ratio=(1, 2)) == [[(5 + 0) / 2]]


def test_a_sample_outside_takes_part_in_the_maximum_as_0():
    features = -ARANGE - 1
    assert align([3, 0, 5, 1], sampling_ratio=(1, 2), features=features, mode="max") == [[0]]
    assert align([2, 0, 4, 1], sampling_ratio=(1, 2), features=features, mode="max") == [[-5.5]]


def test_points_up_to_one_cell_beyond_the_border_are_clamped():
    assert align([-1.5, 0, -0.5, 0], features=ARANGE) == [[2]]  # x = -1 is clamped to 0, y = 0.5
    assert align([-1.75, 0, -0.75, 0], features=ARANGE) == [[0]]  # x = -1.25 is outside
    assert align([3.5, 0, 4.5, 0], features=ARANGE) == [[5]]  # x = 4 = W is clamped to 3
    assert align([3.75, 0, 4.75, 0], features=ARANGE) == [[0]]


@pytest.mark.parametrize("box", [[-9, -9, -5, -5], [9, 9, 20, 20], [2**40 - 10, 0, 2**40, 1]])
@pytest.mark.parametrize("mode", ["avg", "max"])
def test_a_box_off_the_map_is_0(box, mode):
    assert align(box, 2, 2, features=ARANGE + 1, mode=mode) == [[0, 0], [0, 0]]


# --- NaN and infinities -----------------------------------------------------------------------------------


@pytest.mark.parametrize("mode", ["avg", "max"])
def test_a_nan_neighbour_makes_sample_and_bin_nan(mode):
    features = ARANGE.copy()
    features[0, 0, 1, 1] = np.nan
    got = np.array(align([0, 0, 4, 4], 2, 2, features=features, mode=mode))
    assert np.isnan(got).tolist() == [[True, False], [False, False]]  # the points 0.5, 1.5; 2.5, 3.5


@pytest.mark.parametrize("mode", ["avg", "max"])
def test_a_nan_neighbour_of_weight_0_counts_too(mode):
    features = ARANGE.copy()
    features[0, 0, 2, 2] = np.nan
    assert np.isnan(align([0, 0, 2, 2], features=features, mode=mode)).all()  # the point (1, 1)


def test_a_nan_outside_is_not_seen():
    assert align([9, 9, 12, 12], features=ARANGE * np.nan) == [[0]]


def test_infinite_values():
    features = ARANGE.copy()
    features[0, 0, 0, 0] = -np.inf
    assert align([0, 0, 1, 1], features=features) == [[-np.inf]]
    assert align([0, 0, 2, 1], sampling_ratio=(1, 2), features=features, mode="max") == [[3.5]]


# --- the maximum of weighted neighbours -------------------------------------------------------------------

#: Four neighbours a distance apart at which each sample weighs two of them by a half.
STEPS = np.array([[[[8.0, 8.0, 8.0], [0.0, 4.0, 0.0]]]])


def test_two_maxima_by_hand():
    """At (0, 0.5) the neighbours are 8 and 8, each by 1/2: together 8, the larger 4. At (0, 1.5) the same."""
    assert align([0, 0, 2, 0], sampling_ratio=1, features=STEPS, convention="point") == [[8]]
    box = {"box": [0, 0, 2, 0], "sampling_ratio": (1, 2), "features": STEPS, "convention": "point"}
    assert align(**box, mode="max") == [[8]]
    assert align(**box, mode="max_corners") == [[4]]
    # one row below: 0, 4 and 4, 0, by 1/2
    box["box"] = [0, 1, 2, 1]
    assert align(**box, mode="max") == align(**box, mode="max_corners") == [[2]]


def test_on_a_cell_both_maxima_are_its_value():
    assert align([0, 0, 2, 2], mode="max_corners") == [[5]]  # the point (1, 1)


def test_of_a_negative_map_the_smallest_part_is_the_maximum():
    """At (0.25, 0.25) the parts are 9/16, 3/16, 3/16 and 1/16 of -16; added up, all of it."""
    features = np.full((1, 1, 4, 4), -16.0)
    assert align([0, 0, 0.5, 0.5], aligned=False, features=features, convention="point") == [[-16]]
    got = align([0, 0, 0.5, 0.5], features=features, mode="max_corners", convention="point")
    assert got == [[-1]]


def test_a_neighbour_outside_is_0_for_the_maximum_of_parts_too():
    features = -ARANGE - 1
    box = {"box": [3, 0, 5, 1], "sampling_ratio": (1, 2), "features": features}
    assert align(**box, mode="max_corners") == [[0]]
    assert align([9, 9, 12, 12], features=features, mode="max_corners") == [[0]]


def test_a_neighbour_of_weight_0_takes_part_as_0():
    """As ONNX's: on a cell of a map below 0 the three others weigh nothing, and 0 is the largest."""
    assert align([0, 0, 2, 2], features=-ARANGE - 1, mode="max_corners") == [[0]]


@pytest.mark.parametrize("value", [np.nan, np.inf, -np.inf])
def test_what_is_not_finite_among_the_parts(value):
    features = ARANGE.copy()
    features[0, 0, 1, 1] = value
    parts = {np.inf: np.inf, -np.inf: 1.0}.get(value, np.nan)  # 0.25 of 4 beside it
    got = align([0, 0, 1, 1], features=features, mode="max_corners")
    assert np.array_equal(got, [[parts]], equal_nan=True)
    features[0, 0, 2, 2] = value  # by weight 0: 0 * inf is NaN
    assert np.isnan(align([0, 0, 2, 2], features=features, mode="max_corners")).all()


def test_the_maximum_of_parts_is_not_above_that_of_samples_where_no_value_is_below_0():
    rng = np.random.default_rng(8)
    features, rois = rng.uniform(0, 5, (3, 2, 8, 9)), boxes(rng, 30)
    parts, samples = (roi_align(features, rois, (2, 3), mode=mode) for mode in ("max_corners", "max"))
    assert (parts <= samples).all()
    assert (parts < samples - 0.5).any()


# --- conventions ------------------------------------------------------------------------------------------

#: f(y, x) = x: what is read is where it is read.
ACROSS = examples.ramp(12, 40, a=0.0, b=1.0)[None, None]


def where(x1, x2, convention, scale=1.0, ratio=2, **options):
    """Where the samples of one box and one bin lie along x."""
    rois = [[0, x1, 4 / scale, x2, 8 / scale]]
    got = roi_align(ACROSS, rois, (1, 2), scale, (1, ratio), convention=convention, **options)
    return got[0, 0, 0].tolist()


def test_the_offsets_by_hand():
    """Pixels 16 .. 32 at scale 1/2 are 8 cells from 8 on: the halves' centres lie 2 and 6 into these."""
    assert where(16, 32, "roi_align", 0.5) == [10, 14]
    assert where(16, 32, "point", 0.5) == [10, 14]
    assert where(16, 32, "half_pixel", 0.5) == [9.5, 13.5]
    assert where(16, 32, "openvino_half_pixel", 0.5) == [9.75, 13.75]  # (16.5 / 2 - 0.5) + 2
    assert where(16, 32, "chainercv_align", 0.5) == [10, 14]


def test_the_minimum_sizes_by_hand():
    """A box without a width: 1 cell, no cell, a tenth of one."""
    assert where(16, 16, "roi_align") == [16.25, 16.75]
    assert where(16, 16, "point") == [16, 16]
    assert where(16, 16, "half_pixel") == [15.5, 15.5]
    np.testing.assert_allclose(where(16, 16, "chainercv_align"), [16.025, 16.075], rtol=0, atol=1e-12)
    np.testing.assert_allclose(where(18, 16, "chainercv_align", 0.5), [9.025, 9.075], rtol=0, atol=1e-12)
    assert where(18, 16, "point") == [17.5, 16.5]  # backwards


@pytest.mark.parametrize(("name", "aligned"), [("roi_align", False), ("half_pixel", True)])
def test_two_conventions_are_what_aligned_names_bit_for_bit(name, aligned):
    rng = np.random.default_rng(9)
    features, rois = rng.normal(size=(3, 2, 8, 9)), boxes(rng, 9)
    rois[::3, 3:] = rois[::3, 1:3]
    for convention in (name, CONVENTIONS[name]):
        got = roi_align(features, rois, 2, 0.3, convention=convention)
        assert np.array_equal(got, roi_align(features, rois, 2, 0.3, aligned=aligned))


def test_a_convention_of_ones_own():
    mine = Convention(
        rounding="none", ends="inclusive_pixel", split="sampled", minimum_size=4, offset=0.25, pixel_offset=2
    )
    # (10 + 2) / 2 - 0.25 = 5.75 to (19 + 2 + 1) / 2 - 0.25 = 10.75: 5 cells
    assert where(10, 19, mine, 0.5) == [7, 9.5]
    # 5.75 to 7.25, made 4 cells
    assert where(10, 12, mine, 0.5) == [6.75, 8.75]


def test_boxes_of_each_image_in_any_convention():
    rng = np.random.default_rng(10)
    features, rois = rng.normal(size=(3, 2, 8, 9)), boxes(rng, 9)
    rois = rois[np.argsort(rois[:, 0], kind="stable")]
    by_image = [rois[rois[:, 0] == b, 1:] for b in range(3)]
    got = roi_align(features, by_image, 2, convention="openvino_half_pixel")
    assert np.array_equal(got, roi_align(features, rois, 2, convention="openvino_half_pixel"))


# --- properties -------------------------------------------------------------------------------------------


def boxes(rng, K, images=3):
    corner = rng.uniform(0, 5, (K, 2))
    return np.column_stack([rng.integers(0, images, K), corner, corner + rng.uniform(0.5, 4, (K, 2))])


@pytest.mark.parametrize("aligned", [True, False])
@pytest.mark.parametrize("mode", ["avg", "max"])
def test_a_constant_map_gives_the_constant(aligned, mode):
    rois = boxes(np.random.default_rng(1), 9)
    got = roi_align(np.full((3, 2, 10, 11), 2.5), rois, (3, 2), 1.0, -1, aligned, mode=mode)
    np.testing.assert_allclose(got, 2.5, rtol=0, atol=FEW_ROUNDINGS)


@pytest.mark.parametrize("aligned", [True, False])
@pytest.mark.parametrize("sampling_ratio", [1, 2, 3, -1])
def test_a_linear_map_gives_its_value_at_the_bins_centre(aligned, sampling_ratio):
    features = examples.ramp(12, 12, a=3.0, b=-2.0, c=1.0)[None, None]
    rois = boxes(np.random.default_rng(2), 9, images=1)
    rois[:, 1:] += 1  # no sample needs clamping
    got = roi_align(features, rois, (2, 3), 1.0, sampling_ratio, aligned)
    for k, (_, x1, y1, x2, y2) in enumerate(rois):
        width, height = (x2 - x1, y2 - y1) if aligned else (max(x2 - x1, 1), max(y2 - y1, 1))
        y = y1 + (np.arange(2) + 0.5) * height / 2 - 0.5 * aligned
        x = x1 + (np.arange(3) + 0.5) * width / 3 - 0.5 * aligned
        np.testing.assert_allclose(got[k, 0], 3 * y[:, None] - 2 * x + 1, rtol=0, atol=FEW_ROUNDINGS)


@pytest.mark.parametrize("mode", ["avg", "max"])
def test_permuting_rois_permutes_rows_and_channels_are_independent(mode):
    rng = np.random.default_rng(3)
    features, rois = rng.normal(size=(3, 11, 8, 9)), boxes(rng, 9)
    whole = roi_align(features, rois, (2, 3), mode=mode)
    order = rng.permutation(len(rois))
    assert np.array_equal(roi_align(features, rois[order], (2, 3), mode=mode), whole[order])
    # 11 channels are more than one block of the compiled kernel
    assert np.array_equal(roi_align(features[:, [9, 1]], rois, (2, 3), mode=mode), whole[:, [9, 1]])


def test_scaling_image_and_scale_together_changes_nothing():
    rng = np.random.default_rng(4)
    features, rois = rng.normal(size=(3, 2, 8, 9)), boxes(rng, 9)
    in_image = rois * [1, 16, 16, 16, 16]
    assert np.array_equal(roi_align(features, in_image, 2, 1 / 16), roi_align(features, rois, 2))


def test_a_map_twice_as_fine_gives_the_same_averages_inside():
    """Upsampling a linear map by 2 (values at the cells' centres) and doubling the scale: the same bins."""
    coarse = examples.ramp(8, 8)[None, None]
    fine = (examples.ramp(16, 16, a=5.0, b=0.5) - 2.75)[None, None]  # f at (i + 0.5) / 2 - 0.5
    box = [[0, 2, 2, 5.5, 6]]
    got = roi_align(fine, box, 2, 2.0, 2, True)
    np.testing.assert_allclose(got, roi_align(coarse, box, 2, 1.0, 2, True), rtol=0, atol=FEW_ROUNDINGS)


def test_float32_is_computed_in_float64_and_rounded_once():
    rng = np.random.default_rng(5)
    features, rois = rng.normal(size=(3, 2, 8, 9)).astype(np.float32), boxes(rng, 9)
    got = roi_align(features, rois, 2, aligned=True)
    assert got.dtype == np.float32
    wide = roi_align(features.astype(np.float64), rois, 2, aligned=True)
    assert np.array_equal(got, wide.astype(np.float32))


def test_boxes_are_float64_whatever_the_features_are():
    """A box 0.25 wide at 2**24: in float32 it would have no width."""
    features = examples.ramp(1, 8, a=0.0, b=1.0).astype(np.float32)[None, None]
    box = [[0, 2**24 + 1.0, 0, 2**24 + 3.0, 1]]
    got = roi_align(features, box, 1, 2.0**-23, 1, True)  # the centre lies at 2 + 2 / 2**23 - 0.5
    assert got.item() == np.float32(2 + 2.0**-22 - 0.5)
