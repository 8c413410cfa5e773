"""Position-sensitive crop_and_resize: each part on its own channels, by hand, by its definition, by crops."""

import numpy as np
import pytest
from drawn import case
from hypothesis import given
from test_fast import close, magnitude

from roikit import crop_and_resize, ps_crop_and_resize
from roikit.reference.ps_crop_and_resize import ps_crop_and_resize as definition

pytestmark = pytest.mark.usefixtures("backend")

#: Four score maps; map m holds 100 * m + y * 4 + x.
MAPS = (np.arange(16.0).reshape(4, 4) + 100 * np.arange(4)[:, None, None])[None]
WHOLE = [[0, 0, 0, 3, 3]]


def crop(box, output_size, group_size, features=MAPS, **options):
    given = {"group_size": group_size, "coordinates": "cells", **options}
    return ps_crop_and_resize(features, [[0, *box]], output_size, **given)[0].tolist()


# --- by hand ----------------------------------------------------------------------------------------------


def test_the_middle_of_each_quarter_on_a_map_of_its_own():
    """(0.75, 0.75), (0.75, 2.25), (2.25, 0.75), (2.25, 2.25) on the maps 0 to 3: 7.5 + 150 on average."""
    assert crop([0, 0, 3, 3], 1, 2) == [[[157.5]]]
    assert crop([0, 0, 3, 3], 1, 2, MAPS * [[[[1]], [[0]], [[0]], [[0]]]]) == [[[3.75 / 4]]]
    assert crop([0, 0, 3, 3], 1, 2, MAPS * [[[[0]], [[0]], [[1]], [[0]]]]) == [[[(200 + 9.75) / 4]]]


def test_parts_meet_at_their_ends():
    """Columns 0, 1.5 and 1.5, 3; rows 0, 3 of two maps with one channel each."""
    maps = MAPS[:, :2]
    left, right = np.array([[0, 1.5], [12, 13.5]]), np.array([[101.5, 103], [113.5, 115]])
    assert crop([0, 0, 3, 3], 2, (1, 2), maps) == [((left + right) / 2).tolist()]


def test_channels_of_one_part_lie_side_by_side():
    """OpenVINO's order: two parts of two channels are the maps 0, 1 and 2, 3."""
    maps = np.broadcast_to(np.array([1.0, 10.0, 3.0, 30.0])[:, None, None], (1, 4, 4, 4))
    assert crop([0, 0, 3, 3], 1, (1, 2), maps) == [[[2]], [[20]]]
    assert crop([0, 0, 3, 3], 1, (2, 1), maps) == [[[2]], [[20]]]


def test_a_point_off_the_map_takes_part_in_the_average():
    """Columns 0.75 and 4.5 of 4: half of 0.75, and of what is outside."""
    maps = np.tile(np.arange(4.0), (1, 2, 1, 1))
    assert crop([-1.5, 0, 7.5, 0], 1, (1, 2), maps) == [[[0.75 / 2]]]
    assert crop([-1.5, 0, 7.5, 0], 1, (1, 2), maps, extrapolation_value=-3.0) == [[[(0.75 - 3) / 2]]]


def test_normalized_boxes_and_the_nearest_cell():
    got = ps_crop_and_resize(MAPS, [[0, 0, 0, 1, 1]], 1, group_size=2, method="nearest")
    assert got.ravel().tolist() == [(5 + 106 + 209 + 310) / 4]


def test_a_nan_matters_on_its_own_part_only():
    maps = MAPS.copy()
    maps[0, 1, :, :2] = np.nan  # the left of the top right part's map
    assert np.isfinite(crop([0, 0, 3, 3], 1, 2, maps)).all()
    maps[0, 1, 0, 2] = np.nan
    assert np.isnan(crop([0, 0, 3, 3], 1, 2, maps)).all()


# --- by its definition, and by crops ----------------------------------------------------------------------


@given(case("ps_crop_and_resize"))
def test_it_is_what_the_definition_says(drawn):
    """The same bits of float64; of float32 each part's crop is rounded, too."""
    (features, rois, points, outside), options = drawn
    groups = options["group_size"]
    GH, GW = groups if isinstance(groups, tuple) else (groups, groups)
    got = ps_crop_and_resize(features, rois, points, outside, **options)
    expected = np.empty_like(got)
    table = np.array(rois, np.float64).reshape(-1, 5)
    definition(features, table, expected, outside, options["method"], options["coordinates"], (GH, GW))
    if features.dtype == np.float64:
        np.testing.assert_array_equal(got, expected)
    else:
        close(got, expected, magnitude(features))


def random_case(seed, parts=6, C=2):
    rng = np.random.default_rng(seed)
    rois = np.column_stack([rng.integers(0, 2, 5), rng.uniform(-0.2, 1.2, (5, 4))])
    return rng.normal(size=(2, parts * C, 7, 9)), rois


def test_one_group_is_crop_and_resize():
    features, rois = random_case(0)
    got = ps_crop_and_resize(features, rois, (3, 2), -1.0, group_size=1)
    assert np.array_equal(got, crop_and_resize(features, rois, (3, 2), -1.0))


def test_a_constant_map_gives_the_constant_to_boxes_on_it():
    features = np.full((1, 12, 5, 6), 2.5)
    boxes = [[0, 0, 0, 1, 1], [0, 1, 0.3, 0, 0.9]]
    assert np.all(ps_crop_and_resize(features, boxes, 3, group_size=2) == 2.5)


def test_the_corners_of_a_box_on_the_map_are_on_the_map():
    """No end of a part is rounded off it, however many there are."""
    for parts in range(1, 60):
        features, box = np.ones((1, parts, 1, 3)), [[0, 0.1, 0, 1, 1]]
        got = ps_crop_and_resize(features, box, (1, 2), group_size=(1, parts))
        np.testing.assert_allclose(got, 1, rtol=1e-12)


def test_a_flipped_box_reads_its_parts_flipped():
    features, _ = random_case(1)
    swapped = features.reshape(2, 3, 2, 2, 7, 9)[:, :, ::-1].reshape(features.shape)
    got = ps_crop_and_resize(features, [[0, 0.8, 0.1, 0.2, 0.9]], 3, group_size=(3, 2))
    flipped = ps_crop_and_resize(swapped, [[0, 0.2, 0.1, 0.8, 0.9]], 3, group_size=(3, 2))
    np.testing.assert_allclose(got, flipped[..., ::-1], rtol=0, atol=1e-14)


# --- the arrays -------------------------------------------------------------------------------------------


def test_channels_last_into_an_out_that_held_something():
    features, rois = random_case(2)
    expected = ps_crop_and_resize(features, rois, 3, group_size=(2, 3)).transpose(0, 2, 3, 1)
    out = np.full(expected.shape, np.nan)
    last = features.transpose(0, 2, 3, 1).copy()
    assert ps_crop_and_resize(last, rois, 3, group_size=(2, 3), layout="NHWC", out=out) is out
    assert np.array_equal(out, expected)


@pytest.mark.parametrize(("dtype", "bound"), [(np.float16, 2e-3), (np.float32, 1e-6)])
def test_narrow_maps(dtype, bound):
    features, rois = random_case(3)
    narrow = features.astype(dtype)
    got = ps_crop_and_resize(narrow, rois, 3, group_size=(2, 3))
    assert got.dtype == dtype
    expected = ps_crop_and_resize(narrow.astype(np.float64), rois, 3, group_size=(2, 3))
    np.testing.assert_allclose(got, expected, rtol=0, atol=bound * np.abs(features).max())


def test_no_boxes_and_no_channels():
    assert ps_crop_and_resize(MAPS, [], 2, group_size=2).shape == (0, 1, 2, 2)
    assert ps_crop_and_resize(MAPS[:, :0], WHOLE, 2, group_size=2**20).shape == (1, 0, 2, 2)


# --- errors -----------------------------------------------------------------------------------------------


def test_a_box_beyond_all_bounds():
    for far in (1e308, -1e308):
        sentence = r"^rois\[0\]\[1\] reaches -?1e\+308: boxes in parts must lie within -2\*\*1000"
        with pytest.raises(ValueError, match=sentence):
            ps_crop_and_resize(MAPS, [[[0, 0, 1, 1], [0, 0, far, 1]]], 2, group_size=2)
    assert ps_crop_and_resize(MAPS, [[0, 0, 0, 1e301, 1]], 1, group_size=2).item() == 0


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        ({"group_size": 3}, "features must have channels in 3 × 3 groups, a multiple of 9; got 4"),
        ({"group_size": 0}, "group_size must be at least 1 group high and wide; got 0"),
        ({"group_size": None}, "group_size must be an int or a pair (height, width) of ints; got None"),
        ({"method": "cubic"}, "method must be 'bilinear' or 'nearest'; got 'cubic'"),
        ({"coordinates": "pixels"}, "coordinates must be 'normalized' or 'cells'; got 'pixels'"),
        ({"extrapolation_value": "0"}, "extrapolation_value must be a real number; got '0'"),
        ({"num_threads": 0}, "num_threads must lie within 1 .. 1024; got 0"),
        ({"out": np.empty((1, 1, 2, 3))}, "out must have shape (1, 1, 2, 2); got (1, 1, 2, 3)"),
    ],
)
def test_errors(arguments, sentence):
    with pytest.raises((TypeError, ValueError)) as error:
        ps_crop_and_resize(MAPS, WHOLE, 2, **{"group_size": 2, **arguments})
    assert str(error.value).startswith(sentence)


def test_boxes_of_the_smallest_numbers_warn_of_nothing():
    with np.errstate(all="raise"):
        got = ps_crop_and_resize(MAPS, [[0, 0, 0, 5e-324, 1e-323]], 1, group_size=2)
    assert got.ravel().tolist() == [MAPS[0, :, 0, 0].mean()]
