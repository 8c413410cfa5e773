"""Position-sensitive RoI pooling: each bin on its own channels, by hand and by R-FCN's formula."""

from dataclasses import replace
from fractions import Fraction
from math import floor

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from roikit import CONVENTIONS, PRESETS, ps_roi_pool, roi_pool

pytestmark = pytest.mark.usefixtures("backend")

#: Four score maps; map m holds 100 * m + y * 4 + x.
MAPS = (np.arange(16.0).reshape(4, 4) + 100 * np.arange(4)[:, None, None])[None]
FEW_ROUNDINGS = 1e-12


def pool(box, output_size, features=MAPS, **options):
    return ps_roi_pool(features, [[0, *box]], output_size, **options)[0].tolist()


# --- by hand ----------------------------------------------------------------------------------------------


def test_each_quarter_of_the_map_on_a_map_of_its_own():
    """Top left 0, 1, 4, 5 of map 0; top right 2, 3, 6, 7 of map 1; below maps 2 and 3."""
    assert pool([0, 0, 4, 4], 2) == [[[2.5, 104.5], [210.5, 312.5]]]


def test_channels_of_the_output_have_all_their_groups_one_after_the_other():
    """8 maps, 2 outputs: channel c's four groups are the maps 4c .. 4c + 3, rows first."""
    maps = np.broadcast_to(np.arange(8.0)[:, None, None], (1, 8, 4, 4))
    assert pool([0, 0, 4, 4], 2, maps) == [[[0, 1], [2, 3]], [[4, 5], [6, 7]]]


def test_a_group_of_its_own_height_and_width():
    maps = np.broadcast_to(np.arange(6.0)[:, None, None], (1, 6, 4, 6))
    assert pool([0, 0, 6, 4], (2, 3), maps) == [[[0, 1, 2], [3, 4, 5]]]
    assert pool([0, 0, 6, 4], (3, 2), maps) == [[[0, 1], [2, 3], [4, 5]]]


@pytest.mark.parametrize(
    ("bins", "groups", "expected"),
    [
        (4, 2, [[0, 0, 1, 1], [0, 0, 1, 1], [2, 2, 3, 3], [2, 2, 3, 3]]),  # floor(p * 2 / 4)
        (3, 2, [[0, 0, 1], [0, 0, 1], [2, 2, 3]]),  # floor(p * 2 / 3): 0, 0, 1
        ((1, 2), (1, 4), [[0, 2]]),  # groups 1 and 3 are not read
        (2, 1, None),
    ],
)
def test_other_groups_than_bins(bins, groups, expected):
    maps = np.broadcast_to(np.arange(4.0)[:, None, None], (1, 4, 8, 8))
    if expected is None:  # one group: each map is an output, as in roi_pool
        assert pool([0, 0, 8, 8], bins, maps, group_size=groups) == [[[m] * 2] * 2 for m in range(4)]
    else:
        assert pool([0, 0, 8, 8], bins, maps, group_size=groups) == [expected]


def test_the_last_row_and_column_are_read():
    """torchvision's forward pass leaves them out, and its backward pass does not."""
    maps = np.zeros((1, 1, 4, 4))
    maps[0, 0, 3, 3] = 16
    assert pool([0, 0, 4, 4], 1, maps) == [[[1]]]
    assert pool([3, 3, 4, 4], 1, maps) == [[[16]]]


def test_an_end_is_exclusive_and_a_box_at_least_one_cell():
    assert pool([1, 1, 3, 3], 1, group_size=2) == [[[(5 + 6 + 9 + 10) / 4]]]
    assert pool([2, 2, 2, 2], 1, group_size=2) == [[[10]]]
    assert pool([2, 2, 1, 0], 1, group_size=2) == [[[10]]]


def test_rfcn_rounds_in_pixels_and_ends_with_the_end_pixel():
    """0.4 -> 0 and 2.6 -> 3, one more is 4 pixels: at 1/2 the cells 0 and 1. A real end touches its cell."""
    maps = MAPS[:, :1]
    assert pool([0.4, 0.4, 2.6, 2.6], 1, maps, spatial_scale=0.5, convention="rfcn") == [[[2.5]]]
    assert pool([0, 0, 2, 0], 1, maps, spatial_scale=0.5, convention="rfcn") == [[[0.5]]]  # 0 .. 1.5


def test_chainercv_rounds_nothing():
    maps = MAPS[:, :1]
    assert pool([0.9, 0, 1.1, 1], 1, maps, convention="chainercv") == [[[0.5]]]  # touches columns 0 and 1
    assert pool([0.5, 0, 0.5, 0], 1, maps, convention="chainercv") == [[[0]]]  # a tenth of a cell


def test_bins_off_the_map_are_empty():
    assert pool([-2, 0, 2, 4], 2) == [[[0, 102.5], [0, 310.5]]]
    assert pool([9, 9, 12, 12], 2) == [[[0, 0], [0, 0]]]
    ours = CONVENTIONS["disjoint"]
    assert pool([1, 1, 2, 2], 2, convention=ours) == [[[0, 0], [0, 305]]]


def test_a_nan_matters_on_its_own_channel_only():
    maps = MAPS.copy()
    maps[0, 0, 0, 0] = maps[0, 0, 3, 3] = np.nan
    assert np.isnan(pool([0, 0, 4, 4], 2, maps)).tolist() == [[[True, False], [False, False]]]


# --- the maximum, by hand ---------------------------------------------------------------------------------


def test_the_maximum_of_each_quarter_on_its_own_map():
    assert pool([0, 0, 4, 4], 2, mode="max") == [[[5, 107], [213, 315]]]
    assert pool([0, 0, 4, 4], 2, -MAPS, mode="max") == [[[0, -102], [-208, -310]]]


def test_the_maximum_of_an_empty_bin_and_of_cells_off_the_map():
    """Empty: the convention's value. Off the map: left out, or a 0 that takes part."""
    low = CONVENTIONS["exclusive"], -1 - MAPS
    zero = replace(low[0], outside="zero")
    assert pool([-2, 0, 2, 4], 2, mode="max") == [[[0, 105], [0, 313]]]
    assert pool([-1, 0, 1, 1], 1, low[1], group_size=2, mode="max") == [[[-1]]]
    assert pool([-1, 0, 1, 1], 1, low[1], group_size=2, mode="max", convention=zero) == [[[0]]]
    assert pool([9, 9, 12, 12], 1, low[1], group_size=2, mode="max", convention=zero) == [[[0]]]


def test_chainercvs_maximum_of_an_empty_bin_is_minus_infinity():
    """Its ps_roi_max_pooling_2d: boxes as they are, at least a tenth of a cell; nothing is -inf."""
    how = PRESETS["ps_roi_pool"]["chainercv_max"]
    maps = MAPS[:, :1]
    assert pool([0.9, 0, 1.1, 1], 1, maps, **how) == [[[1]]]  # touches columns 0 and 1
    assert pool([0.5, 0, 0.5, 0], 1, maps, **how) == [[[0]]]  # a tenth of a cell
    assert pool([3.5, 0, 5.5, 1.5], (1, 2), maps, group_size=1, **how) == [[[7, -np.inf]]]


def test_a_nan_is_the_maximum_of_its_bin():
    maps = MAPS.copy()
    maps[0, 0, 1, 1] = maps[0, 0, 3, 3] = np.nan
    got = np.array(pool([0, 0, 4, 4], 2, maps, mode="max"))
    assert np.isnan(got).tolist() == [[[True, False], [False, False]]]
    assert got[0, 0, 1] == 107


# --- by the formula ---------------------------------------------------------------------------------------


def rounded(number):
    """Half away from zero."""
    return (1 if number >= 0 else -1) * floor(abs(number) + Fraction(1, 2))


def region(start, end, scale, convention):
    """Start and size of one axis, in cells."""
    start, end, scale = Fraction(start), Fraction(end), Fraction(scale)
    if convention == "exclusive":
        first = rounded(start * scale)
        return first, max(rounded(end * scale) - first, 1)
    if convention == "rfcn":
        first = rounded(start) * scale
        return first, max((rounded(end) + 1) * scale - first, Fraction(0.1))
    return start * scale, max((end - start) * scale, Fraction(0.1))


def by_the_formula(features, rois, bins, scale, groups, convention, mode):
    """R-FCN, equation 1: r_c(i, j) is the sum over the bin of z_{i, j, c}, over n; or the largest of them.

    Cell x covers [x, x + 1), and belongs to a bin that it overlaps.
    """
    (PH, PW), (GH, GW) = bins, groups
    M, H, W = features.shape[1:]
    out = np.zeros((len(rois), M // (GH * GW), PH, PW))
    for k, (b, x1, y1, x2, y2) in enumerate(rois):
        top, height = region(y1, y2, scale, convention)
        left, width = region(x1, x2, scale, convention)
        for c, i, j in np.ndindex(out.shape[1:]):
            channel = (c * GH + floor(Fraction(i * GH, PH))) * GW + floor(Fraction(j * GW, PW))
            values = [
                features[int(b), channel, y, x]
                for y in range(H)
                for x in range(W)
                if y + 1 > top + Fraction(i, PH) * height and y < top + Fraction(i + 1, PH) * height
                and x + 1 > left + Fraction(j, PW) * width and x < left + Fraction(j + 1, PW) * width
            ]
            if values:
                out[k, c, i, j] = max(values) if mode == "max" else sum(values) / len(values)
    return out


quarters = st.integers(-12, 40).map(lambda i: i / 4)


@given(
    seed=st.integers(0, 2**32), boxes=st.lists(st.tuples(*[quarters] * 4), max_size=2),
    bins=st.tuples(st.integers(1, 4), st.integers(1, 4)), groups=st.none() | st.integers(1, 3),
    scale=st.sampled_from([1.0, 0.5, 0.25]), convention=st.sampled_from(["exclusive", "rfcn", "chainercv"]),
    mode=st.sampled_from(["avg", "max"]),
)
def test_it_is_what_the_formula_says(seed, boxes, bins, groups, scale, convention, mode):
    rng = np.random.default_rng(seed)
    GH, GW = bins if groups is None else (groups, groups)
    features = rng.normal(size=(2, 2 * GH * GW, 5, 6))
    rois = [[int(rng.integers(2)), *box] for box in boxes]
    got = ps_roi_pool(features, rois, bins, scale, group_size=groups, convention=convention, mode=mode)
    expected = by_the_formula(features, rois, bins, scale, (GH, GW), convention, mode)
    np.testing.assert_allclose(got, expected, rtol=0, atol=FEW_ROUNDINGS)


# --- properties -------------------------------------------------------------------------------------------


def random_case(seed, K=6, N=2, C=3, groups=(2, 3), H=7, W=9):
    rng = np.random.default_rng(seed)
    features = rng.normal(size=(N, C * groups[0] * groups[1], H, W))
    return features, np.column_stack([rng.integers(0, N, K), rng.uniform(-3, 11, (K, 4))])


@pytest.mark.parametrize("mode", ["avg", "max"])
@pytest.mark.parametrize("convention", [name for name, rules in CONVENTIONS.items() if not rules.samples])
def test_one_group_is_roi_pooling(convention, mode):
    features, rois = random_case(0)
    got = ps_roi_pool(features, rois, (3, 2), 0.9, group_size=1, convention=convention, mode=mode)
    expected = roi_pool(features, rois, (3, 2), 0.9, mode=mode, convention=convention)
    assert np.array_equal(got, expected)


def test_a_bin_is_that_of_average_roi_pooling_on_its_channel():
    features, rois = random_case(1)
    got = ps_roi_pool(features, rois, (2, 3))
    everywhere = roi_pool(features, rois, (2, 3), mode="avg", convention="exclusive")
    for c, ph, pw in np.ndindex(3, 2, 3):
        assert np.array_equal(got[:, c, ph, pw], everywhere[:, (c * 2 + ph) * 3 + pw, ph, pw])


def test_a_constant_map_gives_the_constant_where_a_box_is_inside():
    rois = [[0, 0, 0, 9, 7], [1, 2.2, 1.9, 6.3, 5.1]]
    assert np.all(ps_roi_pool(np.full((2, 12, 7, 9), 2.5), rois, 2) == 2.5)


def test_permuting_rois_permutes_rows():
    features, rois = random_case(2)
    order = np.random.default_rng(0).permutation(len(rois))
    whole = ps_roi_pool(features, rois, (2, 3))
    assert np.array_equal(ps_roi_pool(features, rois[order], (2, 3)), whole[order])


# --- the arrays -------------------------------------------------------------------------------------------


def test_channels_last():
    features, rois = random_case(3)
    expected = ps_roi_pool(features, rois, (2, 3))
    got = ps_roi_pool(features.transpose(0, 2, 3, 1).copy(), rois, (2, 3), layout="NHWC")
    assert np.array_equal(got, expected.transpose(0, 2, 3, 1))


@pytest.mark.parametrize("dtype", [np.float16, np.float32])
def test_narrow_maps_are_rounded_once(dtype):
    features, rois = random_case(4)
    narrow = features.astype(dtype)
    got = ps_roi_pool(narrow, rois, (2, 3))
    assert got.dtype == dtype
    assert np.array_equal(got, ps_roi_pool(narrow.astype(np.float64), rois, (2, 3)).astype(dtype))


def test_out_is_written_and_returned():
    features, rois = random_case(5)
    out = np.full((6, 3, 2, 3), np.nan)
    assert ps_roi_pool(features, rois, (2, 3), out=out) is out
    assert np.array_equal(out, ps_roi_pool(features, rois, (2, 3)))


def test_no_boxes_and_no_channels():
    assert ps_roi_pool(MAPS, [], 2).shape == (0, 1, 2, 2)
    assert ps_roi_pool(MAPS[:, :0], [[0, 0, 0, 1, 1]], 2, group_size=2**20).shape == (1, 0, 2, 2)


# --- errors -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        ({"output_size": 3}, "features must have channels in 3 × 3 groups, a multiple of 9; got 4"),
        ({"group_size": (3, 1)}, "features must have channels in 3 × 1 groups, a multiple of 3; got 4"),
        ({"group_size": 0}, "group_size must be at least 1 group high and wide; got 0"),
        ({"group_size": 2**21}, "group_size must be at most 2**20 groups high and wide; got 2097152"),
        ({"group_size": 1.5}, "group_size must be an int or a pair (height, width) of ints; got 1.5"),
        ({"convention": "half_pixel"}, "convention 'half_pixel' says how to sample"),
        ({"mode": "max_corners"}, "mode must be 'max' or 'avg'; got 'max_corners'"),
    ],
)
def test_errors(arguments, sentence):
    with pytest.raises((TypeError, ValueError)) as error:
        ps_roi_pool(MAPS, [[0, 0, 0, 1, 1]], **{"output_size": 2, **arguments})
    assert str(error.value).startswith(sentence)
