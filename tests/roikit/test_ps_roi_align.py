"""Position-sensitive RoIAlign: each bin on its own channels, by hand and by the formula."""

from math import ceil, floor

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from roikit import examples, ps_roi_align, roi_align

pytestmark = pytest.mark.usefixtures("backend")

#: Two score maps of two rows: x, and 10 + 10 x.
MAPS = np.stack([np.tile(np.arange(4.0), (2, 1)), np.tile(10 + 10 * np.arange(4.0), (2, 1))])[None]
FEW_ROUNDINGS = 1e-12


def align(box, output_size=(1, 2), features=MAPS, **options):
    return ps_roi_align(features, [[0, *box]], output_size, **options)[0].tolist()


# --- by hand ----------------------------------------------------------------------------------------------


def test_each_half_of_a_box_on_a_map_of_its_own():
    """Half a cell is subtracted: centres at x = 1 of map 0, and at x = 2 of map 1."""
    assert align([1, 0, 3, 1]) == [[[1, 30]]]


def test_without_the_half_cell():
    """Centres at x = 1.5 and 2.5."""
    assert align([1, 0, 3, 1], aligned=False) == [[[1.5, 35]]]


def test_samples_of_a_bin_are_averaged():
    """x = 0.25 and 0.75 of map 0, and 1.25 and 1.75 of map 1."""
    assert align([0.5, 0, 2.5, 1], sampling_ratio=(1, 2)) == [[[0.5, 25]]]
    assert align([0.5, 0, 4.5, 1]) == [[[(0.5 + 1.5) / 2, 10 + 10 * (2.5 + 3) / 2]]]  # the last is clamped


def test_a_sample_outside_is_0_and_counts():
    """x = 3.5, clamped to 3, and 4.5, outside, of map 0; all of map 1's bin is outside."""
    assert align([3.5, 0, 7.5, 1], (1, 2), aligned=False, sampling_ratio=(1, 2)) == [[[3 / 2 + 0, 0]]]


@pytest.mark.parametrize("aligned", [True, False])
def test_an_empty_box(aligned):
    """torchvision divides 0 by 0 here. With aligned=False the box is made one cell wide."""
    got = align([2, 0, 2, 0], aligned=aligned)
    assert got == ([[[0, 0]]] if aligned else [[[2.25, 37.5]]])
    assert align([2, 1, 1, 0]) == [[[0, 0]]]
    assert align([2.5, 0.5, 2.5, 0.5], sampling_ratio=1) == [[[2, 30]]]  # a point


def test_other_groups_than_bins():
    assert align([0.5, 0, 4.5, 1], (1, 4), sampling_ratio=1, group_size=(1, 2)) == [[[0.5, 1.5, 35, 40]]]
    assert align([1, 0, 3, 1], (1, 2), group_size=1) == [[[1, 2]], [[20, 30]]]


def test_a_nan_matters_on_its_own_channel_only():
    maps = MAPS.copy()
    maps[0, 0, :, 3] = maps[0, 1, :, 0] = np.nan
    assert align([1, 0, 3, 1], features=maps) == [[[1, 30]]]
    maps[0, 0, :, 2] = np.nan  # a neighbour by weight 0
    assert np.isnan(align([1, 0, 3, 1], features=maps)).tolist() == [[[True, False]]]


# --- by the formula ---------------------------------------------------------------------------------------


def value_at(plane, y, x):
    """Bilinear interpolation without neighbours: every cell times the two triangles around it."""
    H, W = plane.shape
    if not (-1 <= y <= H and -1 <= x <= W):
        return 0.0
    y, x = min(max(y, 0), H - 1), min(max(x, 0), W - 1)
    return sum(
        plane[i, j] * max(0, 1 - abs(y - i)) * max(0, 1 - abs(x - j)) for i in range(H) for j in range(W)
    )


def by_the_formula(features, rois, bins, scale, ratio, groups, aligned):
    (PH, PW), (GH, GW) = bins, groups
    out = np.zeros((len(rois), features.shape[1] // (GH * GW), PH, PW))
    for k, (b, *box) in enumerate(rois):
        left, top, right, bottom = (end * scale - (0.5 if aligned else 0) for end in box)
        height, width = bottom - top, right - left
        if not aligned:
            height, width = max(height, 1), max(width, 1)
        rows, columns = (ratio, ratio) if ratio > 0 else (ceil(height / PH), ceil(width / PW))
        if rows <= 0 or columns <= 0:
            continue
        for c, i, j in np.ndindex(out.shape[1:]):
            plane = features[int(b), (c * GH + floor(i * GH / PH)) * GW + floor(j * GW / PW)]
            ys = [top + height / PH * (i + (n + 0.5) / rows) for n in range(rows)]
            xs = [left + width / PW * (j + (n + 0.5) / columns) for n in range(columns)]
            out[k, c, i, j] = sum(value_at(plane, y, x) for y in ys for x in xs) / (rows * columns)
    return out


@given(
    seed=st.integers(0, 2**32), bins=st.tuples(st.integers(1, 3), st.integers(1, 3)),
    groups=st.none() | st.integers(1, 3), scale=st.sampled_from([1.0, 0.5]),
    ratio=st.sampled_from([-1, 1, 2]), aligned=st.booleans(),
)
def test_it_is_what_the_formula_says(seed, bins, groups, scale, ratio, aligned):
    """Boxes inside, over every border, and reversed."""
    rng = np.random.default_rng(seed)
    GH, GW = bins if groups is None else (groups, groups)
    features = rng.normal(size=(2, 2 * GH * GW, 3, 4))
    rois = np.column_stack([rng.integers(0, 2, 2), rng.uniform(-2, 6, (2, 4))])
    got = ps_roi_align(features, rois, bins, scale, ratio, group_size=groups, aligned=aligned)
    expected = by_the_formula(features, rois, bins, scale, ratio, (GH, GW), aligned)
    np.testing.assert_allclose(got, expected, rtol=0, atol=FEW_ROUNDINGS)


# --- properties -------------------------------------------------------------------------------------------


def random_case(seed, K=6, N=2, C=3, groups=(2, 3), H=7, W=9):
    rng = np.random.default_rng(seed)
    features = rng.normal(size=(N, C * groups[0] * groups[1], H, W))
    return features, np.column_stack([rng.integers(0, N, K), rng.uniform(-3, 11, (K, 4))])


@pytest.mark.parametrize("aligned", [True, False])
@pytest.mark.parametrize("ratio", [-1, 2, (0, 3)])
def test_one_group_is_roi_align(aligned, ratio):
    features, rois = random_case(0)
    got = ps_roi_align(features, rois, (3, 2), 0.9, ratio, group_size=1, aligned=aligned)
    assert np.array_equal(got, roi_align(features, rois, (3, 2), 0.9, ratio, aligned))


@pytest.mark.parametrize("convention", ["roi_align", "half_pixel", "point", "chainercv_align"])
def test_a_convention_takes_the_place_of_aligned(convention):
    features, rois = random_case(6)
    got = ps_roi_align(features, rois, 2, 0.5, group_size=1, convention=convention)
    assert np.array_equal(got, roi_align(features, rois, 2, 0.5, convention=convention))


def test_a_bin_is_that_of_roi_align_on_its_channel():
    features, rois = random_case(1)
    got = ps_roi_align(features, rois, (2, 3))
    everywhere = roi_align(features, rois, (2, 3), aligned=True)
    for c, ph, pw in np.ndindex(3, 2, 3):
        assert np.array_equal(got[:, c, ph, pw], everywhere[:, (c * 2 + ph) * 3 + pw, ph, pw])


def test_a_constant_map_gives_the_constant_where_a_box_is_inside():
    rois = [[0, 0, 0, 9, 7], [1, 2.2, 1.9, 6.3, 5.1]]
    assert np.all(ps_roi_align(np.full((2, 12, 7, 9), 2.5), rois, 2) == 2.5)


def test_permuting_rois_permutes_rows():
    features, rois = random_case(2)
    order = np.random.default_rng(0).permutation(len(rois))
    whole = ps_roi_align(features, rois, (2, 3))
    assert np.array_equal(ps_roi_align(features, rois[order], (2, 3)), whole[order])


def test_a_map_twice_as_fine_gives_the_same_averages_inside():
    """Upsampling linear maps by 2 (values at the cells' centres) and doubling the scale: the same bins."""
    slopes = np.random.default_rng(1).normal(size=(6, 2))
    coarse = np.stack([examples.ramp(8, 8, a, b) for a, b in slopes])[None]
    # at (i + 0.5) / 2 - 0.5
    fine = np.stack([examples.ramp(16, 16, a / 2, b / 2, -(a + b) / 4) for a, b in slopes])[None]
    box = [[0, 2, 2, 5.5, 6]]
    got = ps_roi_align(fine, box, (2, 3), 2.0, 2)
    np.testing.assert_allclose(got, ps_roi_align(coarse, box, (2, 3), 1.0, 2), rtol=0, atol=FEW_ROUNDINGS)


# --- the arrays -------------------------------------------------------------------------------------------


def test_channels_last():
    features, rois = random_case(3)
    expected = ps_roi_align(features, rois, (2, 3))
    got = ps_roi_align(features.transpose(0, 2, 3, 1).copy(), rois, (2, 3), layout="NHWC")
    assert np.array_equal(got, expected.transpose(0, 2, 3, 1))


@pytest.mark.parametrize("dtype", [np.float16, np.float32])
def test_narrow_maps_are_rounded_once(dtype):
    features, rois = random_case(4)
    narrow = features.astype(dtype)
    got = ps_roi_align(narrow, rois, (2, 3))
    assert got.dtype == dtype
    assert np.array_equal(got, ps_roi_align(narrow.astype(np.float64), rois, (2, 3)).astype(dtype))


def test_out_is_written_and_returned():
    features, rois = random_case(5)
    out = np.full((6, 3, 2, 3), np.nan)
    assert ps_roi_align(features, rois, (2, 3), out=out) is out
    assert np.array_equal(out, ps_roi_align(features, rois, (2, 3)))


def test_no_boxes_and_no_channels():
    assert ps_roi_align(MAPS, [], (1, 2)).shape == (0, 1, 1, 2)
    assert ps_roi_align(MAPS[:, :0], [[0, 0, 0, 1, 1]], 2, group_size=2**20).shape == (1, 0, 2, 2)


def test_channels_that_do_not_fit():
    with pytest.raises(ValueError, match=r"^features must have channels in 2 × 2 groups, .* 4; got 2$"):
        ps_roi_align(MAPS, [[0, 0, 0, 1, 1]], 2)
