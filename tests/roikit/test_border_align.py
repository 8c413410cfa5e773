"""Border align: maxima along the sides of a box, worked by hand, and what must hold for any box."""

import numpy as np
import pytest
from gradients import boxes_anywhere
from hypothesis import given
from hypothesis import strategies as st
from refined import refined

from roikit import bilinear_interpolate, border_align, examples

pytestmark = pytest.mark.usefixtures("backend")

#: y * 10 + x, for each side
RAMP = np.repeat(examples.ramp(6, 6, a=10.0, b=1.0)[None, None], 4, axis=1)
TOP, LEFT, BOTTOM, RIGHT = range(4)


def sides(box, pool_size=2, features=RAMP):
    """The maxima of one box on one channel, and their points."""
    maxima, argmax = border_align(features, [[0, *box]], pool_size, return_argmax=True)
    return maxima[0, 0].tolist(), argmax[0, 0].tolist()


def along(values, side=TOP):
    """A map whose first row (of the top) is these values, the others being lower."""
    features = np.full((1, 4, 2, len(values)), -1e9)
    features[0, side, 0] = values
    return features


# --- by hand ----------------------------------------------------------------------------------------------


def test_each_side_is_walked_from_its_own_corner():
    """On the ramp the maxima are where a side is lowest, or furthest to the right."""
    assert sides([1, 2, 3, 4]) == ([23, 41, 43, 43], [2, 2, 0, 0])


def test_on_a_ramp_that_falls_it_is_the_other_end():
    assert sides([1, 2, 3, 4], features=-RAMP) == ([-21, -21, -41, -23], [0, 0, 2, 2])


def test_each_side_has_channels_of_its_own():
    """Two channels a side: the map is 1 .. 8 everywhere."""
    features = np.ones((1, 8, 3, 3)) * np.arange(1.0, 9.0)[:, None, None]
    assert border_align(features, [[0, 0, 0, 2, 2]], 3).tolist() == [[[1, 3, 5, 7], [2, 4, 6, 8]]]


def test_a_point_between_two_cells():
    """Steps of 1.5 from 0: at 0, 1.5 and 3 of 0, 8, 4, 0 is the maximum 6."""
    maxima, argmax = sides([0, 0, 3, 0], 2, along([0.0, 8.0, 4.0, 0.0]))
    assert (maxima[TOP], argmax[TOP]) == (6, 1)
    maxima, argmax = sides([0, 0, 3, 0], 3, along([0.0, 8.0, 4.0, 0.0]))
    assert (maxima[TOP], argmax[TOP]) == (8, 1)


def test_the_first_maximum_on_the_walk_wins():
    values = [0.0, 5.0, 5.0, 0.0]
    assert sides([0, 0, 3, 0], 3, along(values))[1][TOP] == 1
    assert sides([0, 0, 3, 0], 3, along(values, BOTTOM))[1][BOTTOM] == 1  # which is walked from x = 3


def test_pixels_are_not_cells():
    assert border_align(RAMP, [[0, 2, 4, 6, 8]], 2, 0.5).tolist() == [[[23, 41, 43, 43]]]


def test_a_point_off_the_map_is_0_and_takes_part():
    assert sides([-3, 0, 3, 0], 3, along([-1.0, -2.0, -3.0, -4.0]))[0][TOP] == 0
    assert sides([-3, 0, 3, 0], 3, along([-1.0, -2.0, 3.0, -4.0]))[0][TOP] == 0  # at -3, -1, 1 and 3
    assert sides([-1, 0, 4, 0], 1, along([-1.0, -2.0, -3.0, -4.0]))[0][TOP] == -1  # both clamped
    assert sides([9, 9, 12, 12]) == ([0, 0, 0, 0], [0, 0, 0, 0])


def test_an_empty_box_is_one_point_and_a_reversed_one_is_walked_backwards():
    assert sides([1, 2, 1, 2]) == ([21, 21, 21, 21], [0, 0, 0, 0])
    assert sides([3, 4, 1, 2]) == ([43, 43, 23, 41], [0, 0, 2, 2])


def test_the_last_point_is_the_corner_itself():
    """In steps of a third the last would be at 3.0000000000000004, off a map of 3 columns: it is clamped."""
    ends = [(start, steps) for start in np.arange(-1, 2, 0.1) for steps in range(1, 30)]
    assert any(start + steps * ((3 - start) / steps) > 3 for start, steps in ends)
    for start, steps in ends:
        assert sides([start, 0, 3, 0], steps, along([-9.0, -9.0, 5.0]))[0][TOP] >= 5


# --- NaN --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("values", [[1.0, np.nan, 9.0, np.nan], [np.inf, np.nan, -np.inf, 0.0]])
def test_the_first_nan_is_the_maximum(values):
    features = along(values)
    features[0, :, 1] = 0
    maxima, argmax = sides([0, 0, 3, 0], 3, features)
    assert np.isnan(maxima[TOP])
    assert argmax[TOP] == 0  # a neighbour with weight 0 takes part
    assert not np.isnan(maxima[LEFT:]).any()


def test_where_all_is_infinitely_low_the_first_point_has_the_maximum():
    maxima, argmax = sides([0.5, 0.5, 2.5, 2.5], 2, np.full((1, 4, 4, 4), -np.inf))
    assert (maxima, argmax) == ([-np.inf] * 4, [0] * 4)


# --- properties -------------------------------------------------------------------------------------------


@given(seed=st.integers(0, 2**32), pool_size=st.integers(1, 5), scale=st.sampled_from([1.0, 0.5, 1.25]))
def test_it_is_the_maximum_of_bilinear_samples(seed, pool_size, scale):
    rng = np.random.default_rng(seed)
    features, rois = rng.normal(size=(2, 8, 5, 6)), boxes_anywhere(rng, 3)
    got, argmax = border_align(features, rois, pool_size, scale, return_argmax=True)
    t = np.linspace(0, 1, pool_size + 1)
    for k, (b, *box) in enumerate(rois):
        x1, y1, x2, y2 = np.array(box) * scale
        walks = ([(x1, y1), (x2, y1)], [(x1, y1), (x1, y2)], [(x2, y2), (x1, y2)], [(x2, y2), (x2, y1)])
        for side, ((from_x, from_y), (to_x, to_y)) in enumerate(walks):
            y, x = from_y + t * (to_y - from_y), from_x + t * (to_x - from_x)
            y[-1], x[-1] = to_y, to_x
            samples = bilinear_interpolate(features[int(b), 2 * side : 2 * side + 2], y, x)
            np.testing.assert_allclose(got[k, :, side], samples.max(axis=1), rtol=0, atol=1e-12)
            at = np.take_along_axis(samples, argmax[k, :, side, None], axis=1)[:, 0]
            np.testing.assert_allclose(at, samples.max(axis=1), rtol=0, atol=1e-12)


def test_permuting_rois_permutes_rows_and_channels_are_independent():
    rng = np.random.default_rng(1)
    features, rois = rng.normal(size=(3, 12, 6, 7)), boxes_anywhere(rng, 9, 3)
    maxima, argmax = border_align(features, rois, 4, return_argmax=True)
    order = rng.permutation(9)
    permuted = border_align(features, rois[order], 4, return_argmax=True)
    assert np.array_equal(permuted[0], maxima[order])
    assert np.array_equal(permuted[1], argmax[order])
    assert np.array_equal(border_align(features[:, 2::3], rois, 4), maxima[:, [2]])


def test_the_same_surface_on_a_map_twice_as_fine_has_the_same_maxima():
    features = np.random.default_rng(2).normal(size=(2, 8, 6, 7))
    rois = [[0, 0, 0, 6, 5], [1, 0.3, 1.2, 5.9, 4.8], [0, 4, 3.5, 1, 2.5]]
    got = border_align(refined(features), rois, 5, 2.0)
    np.testing.assert_allclose(got, border_align(features, rois, 5), rtol=0, atol=1e-12)


def test_a_constant_map_gives_the_constant():
    rois = [[0, 0.3, 1.2, 4.9, 3.3], [0, 0, 0, 5, 5]]
    maxima, _ = border_align(np.full((1, 8, 6, 6), 2.5), rois, 7, return_argmax=True)
    np.testing.assert_allclose(maxima, 2.5, rtol=1e-15)


def test_a_box_far_away():
    far = 2.0**40
    assert sides([far / 2, -far, far, far], 4096)[0] == [0, 0, 0, 0]


# --- the arrays -------------------------------------------------------------------------------------------


def case(dtype=np.float64):
    rng = np.random.default_rng(7)
    return rng.normal(size=(2, 12, 5, 6)).astype(dtype), boxes_anywhere(rng, 6)


@pytest.mark.parametrize("dtype", [np.float16, np.float32])
def test_it_is_computed_in_float64_and_rounded_once(dtype):
    maps, rois = case(dtype)
    got, argmax = border_align(maps, rois, 3, return_argmax=True)
    assert (got.dtype, argmax.dtype) == (dtype, np.int64)
    wide, places = border_align(maps.astype(np.float64), rois, 3, return_argmax=True)
    assert np.array_equal(got, wide.astype(dtype))
    assert np.array_equal(argmax, places)


@pytest.mark.parametrize("index", [np.int32, np.int64])
def test_channels_last_and_out(index):
    maps, rois = case()
    expected, places = border_align(maps, rois, 3, return_argmax=True)
    out = np.full((6, 4, 3), np.nan), np.full((6, 4, 3), -1, index)
    last = maps.transpose(0, 2, 3, 1).copy()
    got = border_align(last, rois, 3, layout="NHWC", return_argmax=True, out=out)
    assert got[0] is out[0]
    assert got[1] is out[1]
    assert np.array_equal(out[0], expected.transpose(0, 2, 1))
    assert np.array_equal(out[1], places.transpose(0, 2, 1))
    alone = np.empty((6, 3, 4))
    assert border_align(maps, rois, 3, out=alone) is alone
    assert np.array_equal(alone, expected)


def test_no_boxes_and_no_channels():
    assert border_align(RAMP, [], 2).shape == (0, 1, 4)
    assert border_align(RAMP[:, :0], [[0, 0, 0, 1, 1]], 2).shape == (1, 0, 4)


_PAIR = "out must be a pair of arrays (values, argmax) with return_argmax; got "


@pytest.mark.parametrize(
    ("arguments", "options", "error", "expected"),
    [
        ((RAMP[:, :3], [], 2), {}, ValueError,
         "features must have a multiple of 4 channels: those of the top, left, bottom and right sides; "
         "got 3"),
        ((RAMP, [], 0), {}, ValueError, "pool_size must lie within 1 .. 4096; got 0"),
        ((RAMP, [], (2, 2)), {}, TypeError, "pool_size must be a whole number; got (2, 2)"),
        ((RAMP, [[1, 0, 0, 1, 1]], 1), {}, ValueError,
         "rois[0] names batch index 1, but features holds 1 image (0)"),
        ((RAMP, [], 1), {"return_argmax": 1}, TypeError, "return_argmax must be True or False; got 1"),
        ((RAMP, [], 1), {"out": np.empty((0, 1, 3))}, ValueError,
         "out must have shape (0, 1, 4); got (0, 1, 3)"),
        ((RAMP, [], 1), {"return_argmax": True, "out": np.empty((0, 1, 4))}, TypeError, _PAIR),
        ((RAMP, [], 1), {"return_argmax": True, "out": [np.empty((0, 1, 4))] * 2}, TypeError,
         "out[1] must be int64 or int32; got float64"),
    ],
)
def test_a_wrong_argument_gets_a_sentence(arguments, options, error, expected):
    with pytest.raises(error) as caught:
        border_align(*arguments, **options)
    assert str(caught.value).startswith(expected)
