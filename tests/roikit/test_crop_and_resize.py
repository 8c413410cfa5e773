"""crop_and_resize: a grid over the box, its corners included; off the map a value of the caller's."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from refined import refined

from roikit import crop_and_resize, examples

pytestmark = pytest.mark.usefixtures("backend")

#: y * 10 + x
RAMP = examples.ramp(5, 5, a=10.0, b=1.0)[None, None]
WHOLE = [0, 0, 0, 1, 1]
FEW_ROUNDINGS = 1e-12


def crop(box, size, features=RAMP, **options):
    """One channel's crop of one box."""
    return crop_and_resize(features, [[0, *box]], size, **options)[0, 0].tolist()


# --- by hand ----------------------------------------------------------------------------------------------


def test_points_lie_on_the_corners_of_the_box_and_evenly_between():
    """x from 0.25 to 0.75 of 4 cells: 1, 2, 3; y from 0 to 1: 0, 4."""
    assert crop([0.25, 0, 0.75, 1], (2, 3)) == [[1, 2, 3], [41, 42, 43]]


def test_a_single_point_lies_in_the_middle():
    assert crop([0, 0, 1, 0.5], 1) == [[12]]
    assert crop([0.25, 0, 0.75, 1], (1, 2)) == [[21, 23]]


def test_between_cells_it_interpolates():
    assert crop([0.125, 0.0625, 0.375, 0.0625], (1, 2)) == [[3, 4]]  # y = 0.25, x = 0.5 and 1.5


def test_the_nearest_cell_and_of_two_the_further():
    """Rows 0.5, 1.5, 2.5 and 3.5 of a map whose rows are numbered; below a half it is the lower cell."""
    assert crop([0, 0.5, 0, 3.5], (4, 1), method="nearest", coordinates="cells") == [[10], [20], [30], [40]]
    assert crop([np.nextafter(2.5, 0), 0, 2.5, 0], (1, 2), method="nearest", coordinates="cells") == [[2, 3]]


def test_off_the_map_it_is_what_the_caller_says():
    """x at -1, 1 and 3, and 5 off the last column; y = 2 + 2.5 is below the last row."""
    assert crop([-1, 2, 5, 4.5], (2, 4), coordinates="cells", extrapolation_value=-7.0) == [
        [-7, 21, 23, -7],
        [-7, -7, -7, -7],
    ]
    assert np.isnan(crop([2, 2, 3, 3], 2, extrapolation_value=np.nan)).all()


def test_a_hair_off_the_map_is_off_it():
    """RoIAlign clamps such points to the map."""
    box = [0, np.nextafter(0, -1), 0, np.nextafter(4, 5)]
    assert crop(box, (2, 1), coordinates="cells", extrapolation_value=-1.0) == [[-1], [-1]]
    assert crop([0, 0, 0, 4], (2, 1), coordinates="cells") == [[0], [40]]


def test_a_map_of_one_cell_has_all_normalized_points_on_it():
    features = np.full((1, 1, 1, 1), 3.0)
    assert crop([-5, 0.2, 9, 7], 2, features=features) == [[3, 3], [3, 3]]
    assert crop([-5, 0, 0, 0], (1, 2), features=features, coordinates="cells") == [[0, 3]]


def test_no_neighbour_is_left_out():
    """A NaN with weight 0, to the right of and below the cell that is read; nearest reads one cell."""
    features = RAMP.copy()
    features[0, 0, 1, 2] = np.nan
    got = crop([0.25, 0, 0.75, 1], (5, 3), features=features)
    assert np.argwhere(np.isnan(got)).tolist() == [[0, 0], [0, 1], [1, 0], [1, 1]]
    got = crop([0.25, 0, 0.75, 1], (5, 3), features=features, method="nearest")
    assert np.argwhere(np.isnan(got)).tolist() == [[1, 1]]


def test_a_box_on_the_map_never_reads_off_it():
    """In float32, as TensorFlow computes, the last of 4 points from 0.2 to 1 of 2 cells is 2.0000002."""
    assert crop([0, 0.2, 0, 1], (4, 1), features=RAMP[:, :, :3], extrapolation_value=-1.0)[3] == [20]


# --- properties -------------------------------------------------------------------------------------------

sizes = st.tuples(st.integers(1, 7), st.integers(1, 7))
#: Of boxes on the map.
parts = st.one_of(st.floats(0, 1), st.sampled_from([0.0, 0.2, 1 / 3, 0.7, 1.0]))
methods = st.sampled_from(["bilinear", "nearest"])


@given(sizes, st.tuples(parts, parts, parts, parts), st.integers(1, 9), st.integers(1, 9), methods)
def test_a_constant_map_gives_the_constant(size, box, H, W, method):
    got = crop_and_resize(np.full((1, 2, H, W), 2.5), [[0, *box]], size, np.nan, method=method)
    np.testing.assert_allclose(got, 2.5, rtol=0, atol=FEW_ROUNDINGS)


@given(sizes, st.tuples(*[st.floats(-1, 2)] * 4), st.integers(0, 2**32), methods)
def test_a_flipped_box_flips_the_crop_bit_for_bit(size, box, seed, method):
    features = np.random.default_rng(seed).normal(size=(1, 2, 5, 4))
    x1, y1, x2, y2 = box
    boxes = [[0, *box], [0, x2, y1, x1, y2], [0, x1, y2, x2, y1], [0, x2, y2, x1, y1]]
    crops = crop_and_resize(features, boxes, size, -9.0, method=method)
    for flipped, axes in ((1, 2), (2, 1), (3, (1, 2))):
        assert np.array_equal(np.flip(crops[flipped], axes), crops[0])


@given(st.integers(2, 6), st.integers(2, 6), st.integers(0, 2**32), methods)
def test_the_whole_map_at_its_own_size_is_itself(H, W, seed, method):
    features = np.random.default_rng(seed).normal(size=(1, 2, H, W))
    assert np.array_equal(crop_and_resize(features, [WHOLE], (H, W), method=method), features)
    cells = [[0, 0, 0, W - 1, H - 1]]
    assert np.array_equal(
        crop_and_resize(features, cells, (H, W), method=method, coordinates="cells"), features
    )


@pytest.mark.parametrize("times", [2, 3, 4])
def test_the_whole_map_enlarged_is_a_resize_with_aligned_corners(times):
    """Cells times - 1 points apart stay what they are; a linear map stays linear, exactly for halves."""
    rows = columns = 4 * times + 1
    got = crop_and_resize(RAMP, [WHOLE], (rows, columns))[0, 0]
    assert np.array_equal(got[::times, ::times], RAMP[0, 0])
    y, x = np.mgrid[:rows, :columns] / times
    np.testing.assert_allclose(got, 10 * y + x, rtol=0, atol=0 if times in (2, 4) else 1e-14)


def test_the_same_surface_on_a_map_twice_as_fine_has_the_same_crops():
    rng = np.random.default_rng(3)
    features = rng.normal(size=(2, 3, 6, 5))
    rois = np.column_stack([[0, 1, 1], rng.uniform(-0.3, 1.3, (3, 4))])
    expected = crop_and_resize(features, rois, (4, 3), -9.0)
    got = crop_and_resize(refined(features), rois, (4, 3), -9.0)
    np.testing.assert_allclose(got, expected, rtol=0, atol=FEW_ROUNDINGS)


def test_permuting_rois_permutes_rows():
    rng = np.random.default_rng(0)
    features = rng.normal(size=(3, 2, 6, 5))
    rois = np.column_stack([rng.integers(0, 3, 7), rng.uniform(-0.3, 1.3, (7, 4))])
    order = rng.permutation(7)
    got = crop_and_resize(features, rois[order], (2, 3))
    assert np.array_equal(got, crop_and_resize(features, rois, (2, 3))[order])


def test_normalized_and_cells_are_one_grid():
    rng = np.random.default_rng(1)
    features, rois = rng.normal(size=(1, 2, 5, 9)), np.column_stack([np.zeros(6), rng.uniform(0, 1, (6, 4))])
    in_cells = rois * [1, 8, 4, 8, 4]
    got = crop_and_resize(features, in_cells, (3, 4), coordinates="cells")
    np.testing.assert_allclose(got, crop_and_resize(features, rois, (3, 4)), atol=FEW_ROUNDINGS)


# --- the arrays -------------------------------------------------------------------------------------------


def case(dtype=np.float64, channels=11):
    """11 channels are more than one block of the compiled kernel."""
    rng = np.random.default_rng(2)
    rois = np.column_stack([rng.integers(0, 2, 5), rng.uniform(-0.2, 1.2, (5, 4))])
    return rng.normal(size=(2, channels, 6, 7)).astype(dtype), rois


@pytest.mark.parametrize("dtype", [np.float16, np.float32])
def test_the_output_has_the_dtype_of_the_features_and_is_rounded_once(dtype):
    features, rois = case(dtype)
    got = crop_and_resize(features, rois, (2, 3), 1 / 3)
    assert got.dtype == dtype
    wide = crop_and_resize(features.astype(np.float64), rois, (2, 3), 1 / 3)
    assert np.array_equal(got, wide.astype(dtype))


def test_channels_last():
    features, rois = case()
    expected = crop_and_resize(features, rois, (2, 3))
    got = crop_and_resize(features.transpose(0, 2, 3, 1).copy(), rois, (2, 3), layout="NHWC")
    assert np.array_equal(got, expected.transpose(0, 2, 3, 1))


@pytest.mark.parametrize("layout", ["NCHW", "NHWC"])
def test_out_is_written_over_whatever_it_held(layout):
    features, rois = case()
    expected = crop_and_resize(features, rois, (2, 3))
    if layout == "NHWC":
        features, expected = features.transpose(0, 2, 3, 1), expected.transpose(0, 2, 3, 1)
    out = np.full((10, *expected.shape[1:]), np.nan)[::2]
    assert crop_and_resize(features, rois, (2, 3), layout=layout, out=out, num_threads=1) is out
    assert np.array_equal(out, expected)


def test_boxes_of_each_image():
    features, rois = case()
    rois = rois[np.argsort(rois[:, 0], kind="stable")]
    lists = [rois[rois[:, 0] == n, 1:] for n in (0, 1)]
    assert np.array_equal(crop_and_resize(features, lists, 2), crop_and_resize(features, rois, 2))


def test_no_boxes_and_no_channels():
    assert crop_and_resize(RAMP, [], 2).shape == (0, 1, 2, 2)
    assert crop_and_resize(RAMP[:, :0], [WHOLE], 2).shape == (1, 0, 2, 2)


def test_a_box_may_reach_as_far_as_numbers_go():
    assert crop([-1e300, 0, 1e300, 0], (1, 5), extrapolation_value=-1.0) == [[-1, -1, 0, -1, -1]]
    assert crop([-1e308, 0, 1e308, 0], (1, 5), extrapolation_value=-1.0) == [[-1] * 5]


# --- errors -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("options", "kind", "sentence"),
    [
        ({"method": "cubic"}, ValueError, "method must be 'bilinear' or 'nearest'; got 'cubic'"),
        ({"method": None}, TypeError, "method must be 'bilinear' or 'nearest'; got None"),
        ({"coordinates": "pixels"}, ValueError, "coordinates must be 'normalized' or 'cells'; got 'pixels'"),
        ({"extrapolation_value": "0"}, TypeError, "extrapolation_value must be a real number; got '0'"),
        ({"extrapolation_value": True}, TypeError, "extrapolation_value must be a real number; got True"),
        ({"extrapolation_value": 10**400}, ValueError, "must be a number that float64 can hold"),
    ],
)
def test_a_wrong_option(options, kind, sentence):
    with pytest.raises(kind, match=sentence):
        crop_and_resize(RAMP, [WHOLE], 2, **options)


def test_an_image_that_features_does_not_hold():
    with pytest.raises(ValueError, match=r"rois\[0\] names batch index 1, but features holds 1 image \(0\)"):
        crop_and_resize(RAMP, [[1, 0, 0, 1, 1]], 2)
