"""Precise RoI pooling: means worked by hand, and what an exact integral has to do."""

import numpy as np
import pytest
from gradients import boxes_anywhere
from hypothesis import given
from hypothesis import strategies as st
from refined import refined

from roikit import bilinear_interpolate, examples, precise_roi_pool, roi_align, use_backend
from roikit.reference.precise_roi_pool import pieces, reached, weights

pytestmark = pytest.mark.usefixtures("backend")

#: y * 10 + x
RAMP = examples.ramp(6, 6, a=10.0, b=1.0)[None, None]
FEW_ROUNDINGS = 1e-12


def mean(box, features=RAMP, size=1):
    """The bins of one box on one channel."""
    return precise_roi_pool(features, [[0, *box]], size)[0, 0].tolist()


def random_map(seed, *shape):
    return np.random.default_rng(seed).normal(size=shape)


def four_corners(maps):
    """Of each square between four cells, their mean: avg_pool2d(kernel 2, stride 1)."""
    return (maps[..., :-1, :-1] + maps[..., :-1, 1:] + maps[..., 1:, :-1] + maps[..., 1:, 1:]) / 4


# --- by hand ----------------------------------------------------------------------------------------------


def test_a_square_between_four_cells_has_their_mean():
    assert mean([1, 2, 2, 3]) == [[(21 + 22 + 31 + 32) / 4]]


def test_a_bin_is_cut_at_the_cells():
    """From 0.625 to 2.5: pieces of 0.375, 1 and 0.5, their middles 0.8125, 0.5 and 0.25 behind a cell."""
    cut = pieces(0, 0.625, 1.875, 1, 5)
    assert cut.size.tolist() == [0, 0.375, 1, 0.5, 0, 0]  # the first is before cell 0
    assert cut.middle[1:4].tolist() == [0.8125, 0.5, 0.25]
    assert reached(cut).tolist() == [0, 1, 2, 3]
    by_hand = [0.2 * 0.1875, 0.2 * 0.8125 + 0.5 * 1.6 / 3, 0.5 * 1.6 / 3 + 0.75 * 0.8 / 3, 0.25 * 0.8 / 3, 0]
    np.testing.assert_allclose(weights(cut), by_hand, rtol=1e-15)


def test_the_mean_of_what_a_bin_covers_of_three_columns():
    """A third of it around 0.75, two thirds around 1.5, of columns 0, 8, 0: 6 / 3 + 4 * 2 / 3."""
    features = np.array([[[[0.0, 8.0, 0.0]] * 2]])
    np.testing.assert_allclose(mean([0.5, 0, 2, 1], features), 14 / 3, rtol=1e-15)


def test_bins_of_a_box():
    """The ramp has in a bin what it has in its middle."""
    assert mean([0.5, 1, 2.5, 4], size=(3, 2)) == [[16, 17], [26, 27], [36, 37]]


def test_pixels_are_not_cells():
    assert precise_roi_pool(RAMP, [[0, 2, 4, 4, 6]], 1, 0.5).tolist() == [[[[26.5]]]]


def test_off_the_map_the_surface_falls_to_0_within_one_cell():
    one = np.ones((1, 1, 1, 1))
    assert mean([0, 0, 1, 1], one) == [[0.25]]  # a half along each axis
    assert mean([-1, -1, 1, 1], one) == [[0.25]]
    assert mean([-2, -1, 2, 1], one) == [[0.125]]  # and 0 beyond: the divisor is the whole bin
    assert mean([-0.5, -0.5, 0.5, 0.5], one) == [[0.5625]]
    assert mean([1, 1, 5, 5], one) == mean([-9, 0, -1, 1], one) == [[0]]


def test_an_empty_or_reversed_box_gives_0():
    assert mean([2, 2, 2, 4]) == mean([3, 2, 1, 4]) == mean([1, 4, 2, 2]) == [[0]]


# --- what an integral does --------------------------------------------------------------------------------


@pytest.mark.parametrize(("m", "n"), [(1, 1), (2, 3), (3, 1)])
def test_on_an_integer_grid_it_is_average_pooling_of_the_squares_between_cells(m, n):
    """avg_pool2d(2, stride 1), then avg_pool2d((m, n)); so PreciseRoIPooling's own test says."""
    maps = random_map(0, 1, 3, 7, 7)
    got = precise_roi_pool(maps, [[0, 0, 0, 6 // n * n, 6 // m * m]], (6 // m, 6 // n))
    squares = four_corners(maps)[..., : 6 // m * m, : 6 // n * n]
    expected = squares.reshape(1, 3, 6 // m, m, 6 // n, n).mean(axis=(3, 5))
    np.testing.assert_allclose(got, expected, rtol=0, atol=FEW_ROUNDINGS)


boxes_inside = st.tuples(st.floats(0, 3), st.floats(0, 3), st.floats(0.01, 3), st.floats(0.01, 3)).map(
    lambda box: [box[0], box[1], box[0] + box[2], box[1] + box[3]]
)


@given(boxes_inside)
def test_a_constant_map_gives_the_constant_and_a_ramp_its_value_in_the_middle(box):
    x1, y1, x2, y2 = box
    np.testing.assert_allclose(mean(box, np.full((1, 1, 7, 7), 3.5), 2), 3.5, rtol=FEW_ROUNDINGS)
    np.testing.assert_allclose(mean(box, examples.ramp(7, 7, 10.0, 1.0)[None, None]),
                               (y1 + y2) * 5 + (x1 + x2) / 2, atol=1e-11)


@given(seed=st.integers(0, 2**32), size=st.tuples(st.integers(1, 4), st.integers(1, 4)))
def test_the_mean_of_the_bins_is_the_mean_of_the_box(seed, size):
    rng = np.random.default_rng(seed)
    maps, rois = rng.normal(size=(2, 2, 5, 6)), boxes_anywhere(rng, 3)
    whole = precise_roi_pool(maps, rois, 1)[:, :, 0, 0]
    bins = precise_roi_pool(maps, rois, size).mean(axis=(2, 3))
    np.testing.assert_allclose(bins, whole, rtol=0, atol=FEW_ROUNDINGS)


def test_roi_align_with_many_samples_comes_near_it():
    maps, box = random_map(1, 1, 2, 8, 8), [[0, 0.3, 1.2, 6.9, 5.8]]
    exact = precise_roi_pool(maps, box, 3)
    with use_backend("cpu"):
        near = [np.abs(roi_align(maps, box, 3, sampling_ratio=n) - exact).max() for n in (4, 32, 256)]
    assert near[0] > 10 * near[1] > 100 * near[2]
    assert near[2] < 1e-5


def test_a_moved_map_is_a_moved_box():
    maps = random_map(2, 1, 1, 6, 6)
    moved = np.pad(maps, ((0, 0), (0, 0), (3, 1), (2, 5)))
    box, by = np.array([-0.7, 0.4, 4.6, 6.9]), np.array([2, 3, 2, 3])
    np.testing.assert_allclose(mean(box + by, moved, 3), mean(box, maps, 3), rtol=0, atol=FEW_ROUNDINGS)


def test_the_same_surface_on_a_map_twice_as_fine_has_the_same_means():
    """Inside: off the map the finer one falls to 0 sooner."""
    maps = random_map(4, 2, 3, 6, 7)
    rois = np.array([[0, 0, 0, 6, 5], [1, 0.3, 1.2, 5.9, 4.8], [0, 2, 2.25, 3, 2.5]])
    got = precise_roi_pool(refined(maps), rois, (2, 3), 2.0)
    np.testing.assert_allclose(got, precise_roi_pool(maps, rois, (2, 3)), rtol=0, atol=FEW_ROUNDINGS)


# --- tiny, huge and far -----------------------------------------------------------------------------------


@pytest.mark.parametrize("size", [1e-3, 1e-9, 1e-15])
@pytest.mark.parametrize("y", [0.5, 1.0, 2.0000000001, 3.7, -0.25, 4.5])
def test_a_tiny_bin_has_the_value_of_the_point(size, y):
    maps, x = random_map(3, 1, 1, 5, 5), 1.25
    padded = np.pad(maps, ((0, 0), (0, 0), (2, 2), (2, 2)))
    expected = bilinear_interpolate(padded, np.array([y + 2]), np.array([x + 2]))
    got = mean([x, y, x + size, y + size], maps)
    np.testing.assert_allclose(got, expected[0], rtol=0, atol=5 * size + 1e-14)


@pytest.mark.parametrize("size", [1e-30, 1e-200, 5e-324])
@pytest.mark.parametrize("start", [0.0, -1.0])
def test_a_bin_as_tiny_as_floats_are(size, start):
    """Beside 0 there are floats that differ by less than 1e-16."""
    maps = random_map(4, 1, 1, 3, 3)
    box = [start * size, start * size, (start + 1) * size, (start + 1) * size]
    np.testing.assert_allclose(mean(box, maps), maps[0, 0, :1, :1], rtol=1e-15)


def test_a_bin_that_no_float_can_halve():
    """One unit in the last place before cell 1, and one after it."""
    maps, before = random_map(5, 1, 1, 3, 3), np.nextafter(1.0, 0.0)
    for box in ([before, before, 1.0, 1.0], [1.0, 1.0, np.nextafter(1.0, 2.0), np.nextafter(1.0, 2.0)]):
        np.testing.assert_allclose(mean(box, maps), maps[0, 0, 1:2, 1:2], rtol=1e-14)


def test_a_box_far_larger_than_the_map():
    far = 2.0**40
    maps = random_map(6, 1, 1, 5, 7)
    np.testing.assert_allclose(mean([-far, -far, far, far], maps), maps.sum() / 2.0**82, rtol=1e-12)
    middle = np.array(mean([-far, -3, far, 9], maps, (1, 3)))  # 3 bins across: the map is in the middle one
    np.testing.assert_allclose(middle, [[0, maps.sum() / 12 / (2.0**41 / 3), 0]], rtol=1e-12)


def test_a_box_far_away_costs_nothing():
    far = 2.0**40
    for box in ([far - 9, 0, far, 3], [-far, -far, 1 - far, 0], [0, far / 2, far, far]):
        assert mean(box, size=4) == [[0] * 4] * 4


# --- NaN and inf ------------------------------------------------------------------------------------------


def nan_at(y, x, value=np.nan):
    maps = np.ones((1, 1, 6, 6))
    maps[0, 0, y, x] = value
    return maps


def test_cells_at_either_end_of_a_piece_take_part():
    """The bin goes from 1.5 to 3.5: it has pieces from 1 to 4."""
    for x, is_seen in enumerate([False, True, True, True, True, False]):
        assert np.isnan(mean([1.5, 1, 3.5, 3], nan_at(2, x))).item() == is_seen


def test_a_bin_that_ends_on_a_cell_does_not_see_the_next():
    for x, is_seen in ((0, False), (1, True), (3, True), (4, False)):
        assert np.isnan(mean([1, 1, 3, 3], nan_at(2, x))).item() == is_seen


def test_an_empty_box_sees_nothing():
    assert mean([2, 2, 2, 3], nan_at(2, 2)) == mean([9, 9, 12, 12], np.full((1, 1, 6, 6), np.nan)) == [[0]]


def test_an_infinite_cell():
    assert mean([1, 1, 3, 3], nan_at(2, 2, -np.inf)) == [[-np.inf]]


# --- the arrays -------------------------------------------------------------------------------------------


def case(dtype=np.float64):
    rng = np.random.default_rng(7)
    return rng.normal(size=(2, 11, 5, 6)).astype(dtype), boxes_anywhere(rng, 6)


@pytest.mark.parametrize("dtype", [np.float16, np.float32])
def test_it_is_added_up_in_float64_and_rounded_once(dtype):
    maps, rois = case(dtype)
    got = precise_roi_pool(maps, rois, (2, 3), 0.7)
    assert got.dtype == dtype
    assert np.array_equal(got, precise_roi_pool(maps.astype(np.float64), rois, (2, 3), 0.7).astype(dtype))


def test_channels_last_and_out():
    maps, rois = case()
    expected, out = precise_roi_pool(maps, rois, 2), np.full((6, 2, 2, 11), np.nan)
    last = maps.transpose(0, 2, 3, 1).copy()
    assert precise_roi_pool(last, rois, 2, layout="NHWC", out=out) is out
    assert np.array_equal(out, expected.transpose(0, 2, 3, 1))


def test_rows_follow_the_boxes():
    maps, rois = case()
    order = np.random.default_rng(8).permutation(6)
    assert np.array_equal(precise_roi_pool(maps, rois[order], 3), precise_roi_pool(maps, rois, 3)[order])


def test_boxes_by_image_and_no_boxes():
    maps, _ = case()
    by_image = precise_roi_pool(maps, [[[0, 0, 2, 2]], [[1, 1, 4, 3]]], 2)
    assert np.array_equal(by_image, precise_roi_pool(maps, [[0, 0, 0, 2, 2], [1, 1, 1, 4, 3]], 2))
    assert precise_roi_pool(maps, [], 2).shape == (0, 11, 2, 2)
    assert precise_roi_pool(maps[:, :0], [[0, 0, 0, 1, 1]], 2).shape == (1, 0, 2, 2)


@pytest.mark.parametrize(
    ("arguments", "options", "expected"),
    [
        ((RAMP[0], [[0, 0, 0, 1, 1]], 1), {}, "features must have shape (N, C, H, W); got (1, 6, 6)"),
        ((RAMP, [[1, 0, 0, 1, 1]], 1), {}, "rois[0] names batch index 1, but features holds 1 image (0)"),
        ((RAMP, [[0, 0, 0, np.inf, 1]], 1), {}, "rois[0] holds inf: boxes must be finite numbers"),
        ((RAMP, [[0, 0, 0, 2.0**41, 1]], 1), {}, "rois[0] reaches 2199023255552.0 pixels at spatial_scale "
         "1.0: scaled coordinates must lie within -2**40 .. 2**40 cells"),
        ((RAMP, [], 0), {}, "output_size must be at least 1 bin high and wide; got 0"),
        ((RAMP, [], 1, -1.0), {}, "spatial_scale must be positive and finite; got -1.0"),
        ((RAMP, [], 1), {"layout": "CHWN"}, "layout must be 'NCHW' or 'NHWC'; got 'CHWN'"),
        ((RAMP, [], 1), {"out": np.empty((1, 1, 1, 1))},
         "out must have shape (0, 1, 1, 1); got (1, 1, 1, 1)"),
    ],
)
def test_a_wrong_argument_gets_a_sentence(arguments, options, expected):
    with pytest.raises(ValueError, match=r"\w") as caught:
        precise_roi_pool(*arguments, **options)
    assert str(caught.value) == expected
