"""RoI pooling: the rules one by one, on maps small enough to follow."""

from dataclasses import replace

import numpy as np
import pytest

from roikit import CONVENTIONS, Convention, roi_pool
from roikit.convention import POOLING

pytestmark = pytest.mark.usefixtures("backend")

#                     0   1   2   3
ARANGE = np.arange(16.0).reshape(1, 1, 4, 4)
#                     4   5   6   7
#                     8   9  10  11
#                    12  13  14  15


def pool(box, output_size, features=ARANGE, batch=0, **options):
    """Pool one box of the first channel: values, and the argmax where it is asked for."""
    options = {"convention": "disjoint", **options}
    got = roi_pool(features, [[batch, *box]], output_size, **options)
    return tuple(part[0, 0].tolist() for part in got) if isinstance(got, tuple) else got[0, 0].tolist()


# --- what a bin holds -------------------------------------------------------------------------------------


def test_the_whole_map_in_four_bins():
    assert pool([0, 0, 4, 4], 2) == [[5, 7], [13, 15]]
    assert pool([0, 0, 4, 4], 2, mode="avg") == [[2.5, 4.5], [10.5, 12.5]]


def test_the_output_is_height_by_width():
    assert pool([0, 0, 4, 4], (1, 2)) == [[13, 15]]
    assert pool([0, 0, 4, 4], (2, 1)) == [[7], [15]]


def test_x_is_the_column_and_y_the_row():
    assert pool([1, 2, 3, 3], 1) == [[10]]  # columns 1..2 of row 2


def test_overlapping_bins_share_the_middle_row_and_column():
    """3 rows in 2 bins: disjoint 1 + 2, overlap 2 + 2."""
    assert pool([0, 0, 3, 3], 2) == [[0, 2], [8, 10]]
    assert pool([0, 0, 2, 2], 2, convention="caffe") == [[5, 6], [9, 10]]  # ends inclusive


def test_row_k_belongs_to_roi_k():
    features = np.stack([ARANGE[0], ARANGE[0] + 100])
    rois = [[1, 0, 0, 1, 1], [0, 3, 3, 4, 4], [1, 1, 1, 2, 2]]
    assert roi_pool(features, rois, 1, convention="disjoint").ravel().tolist() == [100, 15, 105]


def test_a_list_of_boxes_for_each_image_is_the_same():
    features = np.stack([ARANGE[0], ARANGE[0] + 100, ARANGE[0] + 200])
    boxes = [np.array([[0, 0, 1, 1]]), np.zeros((0, 4)), np.array([[0, 0, 2, 2], [1, 1, 2, 2]])]
    assert roi_pool(features, boxes, 1, convention="disjoint").ravel().tolist() == [0, 205, 205]


def test_channels_do_not_mix():
    features = np.concatenate([ARANGE, -ARANGE, ARANGE * 0], axis=1)
    got = roi_pool(features, [[0, 1, 1, 3, 3]], 1, convention="disjoint")
    assert got.ravel().tolist() == [10, -5, 0]


def test_negative_values_are_not_pooled_with_a_zero():
    assert pool([0, 0, 2, 2], 1, features=-ARANGE - 1) == [[-1]]


# --- the map's border -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("box", "expected"),
    [
        ([-2, 0, 2, 4], [[0, 5], [0, 13]]),  # bins are 2 wide: the left ones lie off the map
        ([2, 0, 6, 4], [[7, 0], [15, 0]]),
        ([0, -2, 4, 2], [[0, 0], [5, 7]]),
        ([0, 2, 4, 6], [[13, 15], [0, 0]]),
        ([-1, -1, 5, 5], [[5, 7], [13, 15]]),  # 3 by 3 bins, of which 2 by 2 cells are on the map
        ([9, 9, 12, 12], [[0, 0], [0, 0]]),
    ],
)
def test_bins_are_cut_before_the_map_cuts_them_off(box, expected):
    assert pool(box, 2) == expected


def test_the_average_divides_by_the_cells_on_the_map():
    assert pool([-1, -1, 1, 1], 1, mode="avg") == [[0]]
    assert pool([3, 3, 5, 5], 1, mode="avg") == [[15]]
    assert pool([2, 3, 6, 4], 1, mode="avg") == [[14.5]]


def test_a_convention_can_count_cells_off_the_map_as_zero():
    zero = replace(CONVENTIONS["disjoint"], outside="zero")
    assert pool([3, 3, 5, 5], 1, mode="avg", convention=zero) == [[15 / 4]]
    assert pool([3, 3, 5, 5], 1, convention=zero, return_argmax=True) == ([[15]], [[15]])
    below = {"features": ARANGE - 20, "convention": zero, "return_argmax": True}
    assert pool([3, 3, 5, 5], 1, **below) == ([[0]], [[-1]])  # -5 on the map, 0 beside it
    assert pool([2, 2, 4, 4], 1, **below) == ([[-5]], [[15]])
    assert pool([9, 9, 12, 12], 1, **below) == ([[0]], [[-1]])
    assert pool([-(2**40), -(2**40), 2**40, 2**40], 1, mode="avg", convention=zero)[0][0] > 0


def test_a_huge_box_costs_no_more_than_the_map():
    assert pool([-(2**40), -(2**40), 2**40, 2**40], 1, mode="avg") == [[7.5]]
    assert pool([0, 0, 2**40, 2**40], 2) == [[15, 0], [0, 0]]


# --- real ends --------------------------------------------------------------------------------------------


def test_a_bin_between_real_ends_takes_every_cell_that_it_touches():
    """mmcv: 0 to (1 + 1) * 0.75 = 1.5 in two bins, [0, 0.75) and [0.75, 1.5): cell 0, and cells 0 and 1."""
    assert roi_pool(ARANGE, [[0, 0, 0, 1, 1]], 2, 0.75, convention="mmcv").tolist() == [[[[0, 1], [4, 5]]]]
    got = roi_pool(ARANGE, [[0, 0, 0, 1, 1]], 2, 0.75, convention="mmcv", mode="avg")
    assert got.tolist() == [[[[0, 0.5], [2, 2.5]]]]


def test_rfcn_rounds_pixels():
    """1.4 and 2.6 are pixels 1 and 3, and one more: 0.5 to 2 in cells; [0.5, 1.25) and [1.25, 2)."""
    box = [[0, 1.4, 1.4, 2.6, 2.6]]
    got = roi_pool(ARANGE, box, 2, 0.5, convention="rfcn", mode="avg")
    assert got.tolist() == [[[[2.5, 3], [4.5, 5]]]]
    # Not rounded, and without the pixel more, they are 0.7 to 1.3: [0.7, 1) and [1, 1.3).
    assert roi_pool(ARANGE, box, 2, 0.5, convention="chainercv").tolist() == [[[[0, 1], [4, 5]]]]


def test_empty_and_reversed_boxes_between_real_ends():
    """At least 0.1 cells, from the start on; mmcv has no least size."""
    assert pool([1, 1, 1, 1], 2, convention="chainercv") == [[5, 5], [5, 5]]
    assert pool([2, 2, 0, 0], 1, convention="rfcn") == [[10]]
    assert pool([2, 2, 0, 0], 1, convention="mmcv", return_argmax=True) == ([[0]], [[-1]])
    assert pool([1.5, 1.5, 0.5, 0.5], 1, convention="mmcv", return_argmax=True) == ([[0]], [[-1]])
    assert pool([1.5, 1.5, 0.75, 0.75], 1, convention="mmcv") == [[5]]  # 1.5 to 1.75


def test_a_reversed_axis_has_no_cells_where_a_convention_has_no_minimum_size():
    for name in ("caffe", "disjoint", "truncate"):
        convention = replace(CONVENTIONS[name], minimum_size=None, ends="exclusive")
        assert pool([3, 0, 1, 4], 2, convention=convention, return_argmax=True) == (
            [[0, 0], [0, 0]], [[-1, -1], [-1, -1]],
        )
        counting = replace(convention, outside="zero")
        assert pool([3, 0, 1, 4], 2, convention=counting, mode="avg") == [[0, 0], [0, 0]]


def test_the_last_bin_ends_where_the_region_ends():
    """In float64 both 0.1 + 3 * (6 - 0.1) / 3 are more than 6, and 7 * ((1 - 0.1) / 7) + 0.1 more than 1."""
    assert 0.1 + 3 * (6 - 0.1) / 3 > 6
    assert 7 * ((1 - 0.1) / 7) + 0.1 > 1
    row, exact = np.arange(8.0).reshape(1, 1, 1, 8), CONVENTIONS["chainercv"]
    assert roi_pool(row, [[0, 0.1, 0, 6, 1]], (1, 3), convention=exact)[0, 0, 0, -1] == 5
    assert roi_pool(row, [[0, 0.1, 0, 1, 1]], (1, 7), convention=exact)[0, 0, 0, -1] == 0
    as_others = replace(exact, arithmetic="float64")
    assert roi_pool(row, [[0, 0.1, 0, 1, 1]], (1, 7), convention=as_others)[0, 0, 0, -1] == 1


def test_float_bins_reach_past_the_box_now_and_then():
    """57 cells in 7 bins: float32 makes the last one [48, 58)."""
    row = np.arange(60.0).reshape(1, 1, 1, 60)
    box = [[0, 0, 0, 56, 0]]
    assert roi_pool(row, box, (1, 7), convention="caffe")[0, 0, 0, -1] == 56
    assert roi_pool(row, box, (1, 7), convention="caffe_float32")[0, 0, 0, -1] == 57


def test_chainer_rounds_to_even_and_has_minus_infinity_where_nothing_is():
    """Columns 0.5 to 2.5 are 0 to 2, and not 1 to 3."""
    assert pool([0.5, 0, 2.5, 1], (1, 2), convention="chainer") == [[0, 1]]
    assert pool([0.5, 0, 2.5, 1], (1, 2), convention="exclusive") == [[1, 2]]
    assert pool([9, 9, 10, 10], 1, convention="chainer") == [[-np.inf]]


@pytest.mark.parametrize("name", ["rfcn", "chainercv", "mmcv"])
def test_between_real_ends_every_pooled_value_is_a_cell_of_the_box(name):
    """A box of whole cells in bins of whole cells is cut in one way; two of them have the end pixel, too."""
    end = 4 if name == "chainercv" else 3
    assert pool([0, 0, end, end], 2, convention=name) == [[5, 7], [13, 15]]
    assert pool([0, 0, end, end], 4, convention=name) == ARANGE[0, 0].tolist()


# --- empty bins, ties, NaN --------------------------------------------------------------------------------


@pytest.mark.parametrize("mode", ["max", "avg"])
def test_a_bin_without_cells_is_0(mode):
    """1 cell into 2 disjoint bins is [0, 0) and [0, 1)."""
    assert pool([1, 1, 2, 2], 2, mode=mode) == [[0, 0], [0, 5]]


def test_a_bin_without_cells_has_argmax_minus_1():
    assert pool([1, 1, 2, 2], 2, return_argmax=True)[1] == [[-1, -1], [-1, 5]]


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
@pytest.mark.parametrize("empty_value", [-np.inf, np.nan, 7.0])
def test_a_convention_names_the_value_of_an_empty_bin(dtype, empty_value):
    convention = replace(CONVENTIONS["disjoint"], empty_value=empty_value)
    got = roi_pool(ARANGE.astype(dtype), [[0, 1, 1, 2, 2]], (2, 1), convention=convention)
    np.testing.assert_array_equal(got[0, 0, :, 0], np.array([empty_value, 5], dtype))


def test_a_truncated_bin_past_the_end_is_empty():
    assert pool([0, 0, 2, 1], (1, 4), convention="truncate", return_argmax=True) == (
        [[0, 1, 0, 0]],
        [[0, 1, -1, -1]],
    )


def test_a_region_may_have_no_cells_at_all():
    none = Convention("floor", "exclusive", "overlap", minimum_size=0)
    assert pool([2, 2, 2, 2], 2, convention=none) == [[0, 0], [0, 0]]


def test_of_equal_maxima_the_first_in_row_major_order():
    features = np.array([[[[1.0, 9, 3], [9, 9, 2], [0, 0, 0]]]])
    assert pool([0, 0, 3, 3], 1, features=features, return_argmax=True) == ([[9]], [[1]])
    assert pool([0, 1, 3, 3], 1, features=features, return_argmax=True) == ([[9]], [[3]])
    assert pool([0, 2, 3, 3], 1, features=features, return_argmax=True) == ([[0]], [[6]])


def test_a_nan_is_propagated_and_the_first_one_is_the_argmax():
    features = ARANGE.copy()
    features[0, 0, [1, 2], [2, 1]] = np.nan
    value, argmax = pool([0, 0, 4, 4], 1, features=features, return_argmax=True)
    assert np.isnan(value).all()
    assert argmax == [[6]]
    assert np.isnan(pool([0, 0, 4, 4], 1, features=features, mode="avg")).all()
    assert pool([0, 3, 4, 4], 1, features=features) == [[15]]  # its bin does not hold it


def test_infinities_are_values():
    features = ARANGE.copy()
    features[0, 0, 0, 0], features[0, 0, 0, 1] = -np.inf, np.inf
    assert pool([0, 0, 1, 1], 1, features=features, return_argmax=True) == ([[-np.inf]], [[0]])
    assert pool([0, 0, 4, 4], 1, features=features, return_argmax=True) == ([[np.inf]], [[1]])
    assert np.isnan(pool([0, 0, 2, 1], 1, features=features, mode="avg")).all()  # inf - inf


def test_float64_keeps_values_below_the_smallest_float32():
    """Peers start the maximum at -3.4e38 and lose such a map."""
    assert pool([0, 0, 1, 1], 1, features=np.full((1, 1, 2, 2), -1e300)) == [[-1e300]]


def test_a_float32_average_is_summed_in_float64():
    features = np.full((1, 1, 1, 3), 2**24, np.float32)
    features[0, 0, 0, 1:] = 1
    assert pool([0, 0, 3, 1], 1, features=features, mode="avg") == [[np.float32((2**24 + 2) / 3)]]


# --- properties -------------------------------------------------------------------------------------------


def random_case(seed, K=12, N=3, C=5, H=7, W=9):
    rng = np.random.default_rng(seed)
    features = rng.normal(size=(N, C, H, W))
    return features, np.column_stack([rng.integers(0, N, K), rng.uniform(-4, 12, (K, 4))])


@pytest.mark.parametrize("convention", POOLING)
@pytest.mark.parametrize("mode", ["max", "avg"])
def test_a_constant_map_gives_the_constant_or_what_is_empty(convention, mode):
    _, rois = random_case(4)
    got = roi_pool(np.full((3, 2, 7, 9), 2.5), rois, (3, 2), convention=convention, mode=mode)
    assert set(np.unique(got)) <= {CONVENTIONS[convention].empty_value, 2.5}


@pytest.mark.parametrize("convention", POOLING)
def test_the_argmax_points_at_the_maximum(convention):
    features, rois = random_case(5)
    value, argmax = roi_pool(features, rois, (3, 2), 0.9, convention=convention, return_argmax=True)
    planes, empty = features.reshape(3, 5, -1)[rois[:, 0].astype(int)], CONVENTIONS[convention].empty_value
    at = np.take_along_axis(planes, np.maximum(argmax, 0).reshape(len(rois), 5, -1), axis=2)
    assert np.array_equal(value, np.where(argmax >= 0, at.reshape(value.shape), empty))
    assert argmax.dtype == np.int64


@pytest.mark.parametrize("mode", ["max", "avg"])
def test_permuting_rois_permutes_rows_and_channels_are_independent(mode):
    features, rois = random_case(6)
    whole = roi_pool(features, rois, (2, 3), mode=mode)
    order = np.random.default_rng(0).permutation(len(rois))
    assert np.array_equal(roi_pool(features, rois[order], (2, 3), mode=mode), whole[order])
    assert np.array_equal(roi_pool(features[:, [3, 1]], rois, (2, 3), mode=mode), whole[:, [3, 1]])


def test_moving_map_and_box_together_changes_nothing():
    features, rois = random_case(7)
    wide = np.full((3, 5, 27, 29), np.nan)
    wide[:, :, 10:17, 10:19] = features
    inside = np.clip(rois, 0, [2, 8, 6, 8, 6])  # inclusive ends stay on the small map
    moved = inside.copy()
    moved[:, 1:] += 10
    assert np.array_equal(roi_pool(wide, moved, 2), roi_pool(features, inside, 2))
