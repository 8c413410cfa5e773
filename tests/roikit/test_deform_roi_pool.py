"""Deformable RoI pooling: where its bins are shifted to."""

import numpy as np
import pytest
from gradients import boxes_anywhere
from hypothesis import given
from hypothesis import strategies as st

from roikit import deform_roi_pool, examples, roi_align

pytestmark = pytest.mark.usefixtures("backend")

#                     0   1   2   3
ARANGE = np.arange(16.0).reshape(1, 1, 4, 4)
#                     4   5   6   7
#                     8   9  10  11
#                    12  13  14  15

# Sums of a few float64 values of the size of these maps'.
FEW_ROUNDINGS = 1e-12


def pool(box, along_x, along_y, sampling_ratio=1, gamma=1.0, features=ARANGE, scale=1.0):
    """Pool one box of the first channel; its bins' offsets as two grids."""
    offset = np.array([[along_x, along_y]], np.float64)
    got = deform_roi_pool(features, [[0, *box]], offset, offset.shape[2:], scale, sampling_ratio, gamma)
    return got[0, 0].tolist()


# --- by hand ----------------------------------------------------------------------------------------------


def test_an_offset_is_a_part_of_the_boxs_own_size():
    """The box is 2 cells wide and 1 high: half of it is a column; and all of it a row."""
    assert pool([1, 1, 3, 2], [[0, 0]], [[0, 0]]) == [[5, 6]]
    assert pool([1, 1, 3, 2], [[0, 0.5]], [[0, 0]]) == [[5, 7]]
    assert pool([1, 1, 3, 2], [[0, 0]], [[1, 0]]) == [[9, 6]]
    assert pool([1, 1, 3, 2], [[-0.5, 0.25]], [[-1, 1]]) == [[0, 10.5]]


def test_gamma_is_a_tenth_by_default():
    got = deform_roi_pool(ARANGE, [[0, 1, 1, 3, 2]], [[[[5, -5]], [[0, 10]]]], (1, 2))
    assert got[0, 0].tolist() == [[6, 9]]
    assert pool([1, 1, 3, 2], [[1, -1]], [[0, 2]], gamma=0.5) == [[6, 9]]
    assert pool([1, 1, 3, 2], [[1, -1]], [[0, 2]], gamma=0) == [[5, 6]]


def test_the_size_is_that_in_cells():
    assert pool([2, 2, 6, 4], [[0, 0.5]], [[1, 0]], scale=0.5) == [[9, 7]]


def test_all_samples_of_a_bin_are_shifted():
    """One bin of 2 × 2 samples, on cells (0, 0) to (1, 1); then on (1, 1) to (2, 2)."""
    assert pool([0, 0, 2, 2], [[0]], [[0]], sampling_ratio=2) == [[2.5]]
    assert pool([0, 0, 2, 2], [[0.5]], [[0.5]], sampling_ratio=2) == [[7.5]]


def test_none_shifts_nothing():
    got = deform_roi_pool(ARANGE, [[0, 1, 1, 3, 3]], None, 2)
    assert got[0, 0].tolist() == [[5, 6], [9, 10]]


def test_what_is_shifted_off_the_map_is_0_and_what_comes_onto_it_is_read():
    assert pool([1, 1, 3, 2], [[0, 2]], [[0, 0]]) == [[5, 0]]
    assert pool([1, 1, 3, 2], [[0, 0.75]], [[0, 0]]) == [[5, 7]]  # x = 3.5, clamped to 3
    assert pool([9, 1, 11, 2], [[-4, -4]], [[0, 0]]) == [[5, 6]]


def test_an_empty_or_reversed_box_has_no_adaptive_samples_and_is_0():
    assert pool([2, 2, 2, 3], [[1]], [[1]], sampling_ratio=-1) == [[0]]
    assert pool([3, 2, 1, 3], [[1]], [[1]], sampling_ratio=-1) == [[0]]
    assert pool([2, 2, 2, 3], [[1]], [[0]]) == [[9.5]]  # x = 1.5: no width, no shift
    assert pool([3, 2, 1, 3], [[0.5]], [[0]]) == [[8.5]]  # x = 1.5, less half of 2


def test_a_nan_neighbour_makes_the_bin_nan_also_by_weight_0():
    features = ARANGE.copy()
    features[0, 0, 2, 2] = np.nan
    assert np.isnan(pool([1, 1, 3, 2], [[0, 0]], [[0, 0]], features=features)).tolist() == [[True, True]]
    assert np.isnan(pool([1, 1, 3, 2], [[-1, 0]], [[0, -1]], features=features)).tolist() == [[False, False]]


# --- properties -------------------------------------------------------------------------------------------


@given(seed=st.integers(0, 2**32), ratio=st.sampled_from([-1, 1, (2, 3)]), none=st.booleans())
def test_without_offsets_it_is_aligned_roi_align(seed, ratio, none):
    rng = np.random.default_rng(seed)
    features, rois = rng.normal(size=(2, 2, 6, 7)), boxes_anywhere(rng, 4)
    offset = None if none else np.zeros((4, 2, 3, 2))
    got = deform_roi_pool(features, rois, offset, (3, 2), 0.5, ratio)
    assert np.array_equal(got, roi_align(features, rois, (3, 2), 0.5, ratio, True))


@given(seed=st.integers(0, 2**32), ratio=st.sampled_from([-1, 1, 2]), bins=st.integers(-2, 2))
def test_shifted_by_whole_bins_it_reads_what_other_bins_would(seed, ratio, bins):
    """Sides are whole: one bin of a box of 4 by 2 cells is a quarter of it."""
    rng = np.random.default_rng(seed)
    features, (x, y) = rng.normal(size=(1, 2, 8, 8)), rng.integers(-4, 20, 2) / 2
    box = [[0, x, y, x + 4, y + 2]]
    moved = [[0, x + bins, y, x + 4 + bins, y + 2]]
    offset = np.zeros((1, 2, 1, 4))
    offset[:, 0] = bins / 4
    got = deform_roi_pool(features, box, offset, (1, 4), 1.0, ratio, 1.0)
    np.testing.assert_allclose(got, roi_align(features, moved, (1, 4), 1.0, ratio, True), atol=FEW_ROUNDINGS)


def test_on_a_linear_map_a_bin_rises_with_its_offset():
    features = examples.ramp(16, 16, a=3.0, b=-2.0, c=1.0)[None, None]
    offset = np.random.default_rng(0).uniform(-0.3, 0.3, (1, 2, 2, 3))
    box = [[0, 5, 5.5, 11, 9.5]]
    still, got = (deform_roi_pool(features, box, shift, (2, 3), gamma=1.0) for shift in (None, offset))
    expected = still + 3 * 4 * offset[:, 1] - 2 * 6 * offset[:, 0]
    np.testing.assert_allclose(got, expected, rtol=0, atol=FEW_ROUNDINGS)


def case(K=9, channels=11):
    rng = np.random.default_rng(1)
    return rng.normal(size=(3, channels, 8, 9)), boxes_anywhere(rng, K, 3), rng.normal(size=(K, 2, 2, 3))


def test_a_constant_map_gives_the_constant():
    _, rois, offset = case()
    rois[:, 1:] = np.sort(rois[:, 1:].reshape(-1, 2, 2), axis=1).reshape(-1, 4) + 4
    got = deform_roi_pool(np.full((3, 2, 24, 24), 2.5), rois, offset, (2, 3), 1.0, 2)
    np.testing.assert_allclose(got, 2.5, rtol=0, atol=FEW_ROUNDINGS)


def test_permuting_rois_permutes_rows_and_channels_are_independent():
    features, rois, offset = case()
    whole = deform_roi_pool(features, rois, offset, (2, 3))
    order = np.random.default_rng(2).permutation(len(rois))
    assert np.array_equal(deform_roi_pool(features, rois[order], offset[order], (2, 3)), whole[order])
    assert np.array_equal(deform_roi_pool(features[:, [9, 1]], rois, offset, (2, 3)), whole[:, [9, 1]])


def test_a_map_twice_as_fine_gives_the_same_averages_inside():
    """Upsampling a linear map by 2 (values at the cells' centres) and doubling the scale: the same bins."""
    coarse = examples.ramp(8, 8)[None, None]
    fine = (examples.ramp(16, 16, a=5.0, b=0.5) - 2.75)[None, None]  # at (i + 0.5) / 2 - 0.5
    box, offset = [[0, 2, 2, 5.5, 6]], np.random.default_rng(3).uniform(-1, 1, (1, 2, 2, 2))
    got = deform_roi_pool(fine, box, offset, 2, 2.0, 2)
    np.testing.assert_allclose(got, deform_roi_pool(coarse, box, offset, 2, 1.0, 2), atol=FEW_ROUNDINGS)


# --- the arrays -------------------------------------------------------------------------------------------


@pytest.mark.parametrize("dtype", [np.float16, np.float32])
def test_it_is_computed_in_float64_and_rounded_once(dtype):
    features, rois, offset = case()
    features = features.astype(dtype)
    got = deform_roi_pool(features, rois, offset, (2, 3))
    assert got.dtype == dtype
    wide = deform_roi_pool(features.astype(np.float64), rois, offset, (2, 3))
    assert np.array_equal(got, wide.astype(dtype))


def test_channels_last_offsets_as_they_are_and_out():
    features, rois, offset = case()
    expected = deform_roi_pool(features, rois, offset, (2, 3))
    last, out = features.transpose(0, 2, 3, 1).copy(), np.full((9, 2, 3, 11), np.nan)
    strided = np.asfortranarray(offset)
    assert deform_roi_pool(last, rois, strided, (2, 3), layout="NHWC", out=out) is out
    assert np.array_equal(out.transpose(0, 3, 1, 2), expected)
    assert deform_roi_pool(features, [], np.zeros((0, 2, 2, 2)), 2).shape == (0, 11, 2, 2)


# --- errors -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("offset", "gamma", "sentence"),
    [
        (np.zeros((1, 2, 2)), 0.1, r"offset must have shape \(K, 2, PH, PW\), here \(1, 2, 2, 2\): along x"),
        (np.zeros((1, 1, 2, 2)), 0.1, r"got \(1, 1, 2, 2\)"),
        (np.full((1, 2, 2, 2), np.nan), 0.1, r"offset\[0, 0, 0, 0\] is nan: offsets must be finite numbers"),
        ([["a"]], 0.1, "offset must hold real numbers"),
        (None, np.inf, "gamma must be finite; got inf"),
        (None, 10**400, "gamma must be finite; got"),
        (None, "0.1", "gamma must be a real number; got '0.1'"),
    ],
)  # fmt: skip
def test_what_is_wrong_is_said_in_one_sentence(offset, gamma, sentence):
    with pytest.raises((TypeError, ValueError), match=sentence):
        deform_roi_pool(ARANGE, [[0, 0, 0, 1, 1]], offset, 2, gamma=gamma)
