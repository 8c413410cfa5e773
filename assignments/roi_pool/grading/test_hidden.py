"""What the grades are made of: one idea a case, inputs drawn from the run's secret seed."""

from functools import partial

import numpy as np
import pytest

import roikit
from grader.testing import expect

ENDS = (("x1", "y1", "x2", "y2"),)
EDGES = ("bin", ("start", "end"))
BINS = ("channel", "bin", "bin")


def feature_maps(rng, N=1, C=2, H=9, W=12):
    """N maps of distinct values on both sides of zero, in random order: every cell counts."""
    values = rng.permutation(N * C * H * W) - N * C * H * W // 3
    return (values.reshape(N, C, H, W) + 0.5) / 64


def boxes(rng, x1, y1, x2, y2, spatial_scale=1.0, index=0):
    """One RoI a column of `x1, y1, x2, y2` (in cells), moved by a random part of a cell, scaled to the image.

    The parts are sixty-fourths from 0.1 to 0.9 and scales are powers of two, so that every product is exact.
    """
    ends = np.stack([x1, y1, x2, y2], axis=1) + rng.integers(7, 58, (len(x1), 4)) / 64
    indices = np.broadcast_to(index, len(x1)).astype(np.float64)
    return np.column_stack([indices, ends / spatial_scale])


def expect_pooled(student, features, rois, output_size, spatial_scale=1.0, dtype=None):
    """The student's `roi_pool` gives what the course's contract gives."""
    expect_layer(student.roi_pool, "disjoint", (features, rois, output_size, spatial_scale), dtype)


def expect_caffe(student, features, rois, output_size, spatial_scale, dtype=None):
    """The student's `roi_pool_caffe` gives what Caffe's layer gives."""
    expect_layer(student.roi_pool_caffe, "caffe", (features, rois, output_size, spatial_scale), dtype)


def expect_layer(layer, convention, arguments, dtype):
    """A student's layer gives what `convention` gives."""
    expected = roikit.roi_pool(*arguments, convention=convention)
    picture = partial(roikit.explain.roi_pool, *arguments, convention=convention)
    expect(layer(*arguments), expected, dtype=dtype, explanation=picture)


def caffe_boxes(rng):
    """Boxes inside and over the border of two images and a reversed one, which is one cell; 3×2 bins, 1/8."""
    x1, y1 = np.append(rng.integers(-2, 3, 4), 6), np.append(rng.integers(-1, 3, 4), 5)
    x2, y2 = x1 + np.append(rng.integers(7, 12, 4), -3), y1 + np.append(rng.integers(5, 9, 4), -3)
    return boxes(rng, x1, y1, x2, y2, 1 / 8, index=[1, 0, 0, 1, 1]), (3, 2), 1 / 8


def expect_floors(student, box, spatial_scale):
    """The student's `quantize_roi` gives the four floors."""
    expected = tuple(np.floor(box * spatial_scale).astype(int).tolist())
    expect(student.quantize_roi(box, spatial_scale), expected, axes=ENDS)


def expect_split(student, length, bins):
    """The student's `bin_edges` shares the cells out as the course does."""
    expected = roikit.bin_edges(length, bins, convention="disjoint")
    picture = partial(roikit.explain.bins, length, bins, convention="disjoint")
    expect(student.bin_edges(length, bins), expected, axes=EDGES, explanation=picture)


def maxima(feature_map, rows, columns):
    """The maximum of each bin, for bins that lie on the map."""
    return [[[plane[y1:y2, x1:x2].max() for x1, x2 in columns] for y1, y2 in rows] for plane in feature_map]


# ------------------------------------------------------------------ quantize_roi
@pytest.mark.rubric("quantize_roi", points=2.5)
def test_quantize_random_box(student, rng):
    """Each of the four ends is multiplied by spatial_scale, then rounded down; not the width and height."""
    # 4m + 1.5 pixels are 3m + 1.125 cells at 3/4, but 3m + 0.75 if the pixels were rounded first; a start's
    # fraction of a cell is larger than its end's, so that the floor of the width is one too small
    start = 4 * rng.integers(1, 8, 2) + [1, 3] + rng.integers(8, 14, 2) / 16
    end = 4 * rng.integers(10, 20, 2) + [2 + 11 / 16, rng.integers(1, 9) / 16]
    expect_floors(student, np.array([*start, *end]), 3 / 4)


@pytest.mark.rubric("quantize_roi", points=2)
def test_quantize_left_of_the_image(student, rng):
    """Rounding down goes on below zero, where cutting off the decimals would go up."""
    # in cells: two halves, below and above zero, which every kind of rounding moves, and a whole number
    box = np.array([-rng.integers(65, 90), 0, 0, 32 * rng.integers(1, 4)])
    box[1:3] = 32 * (2 * rng.integers(-2, 0) + 1.5), 32 * (2 * rng.integers(1, 4) + 0.5)
    expect_floors(student, box, 1 / 32)


# ------------------------------------------------------------------ bin_edges
@pytest.mark.rubric("bin_edges", points=2)
def test_bins_share_the_remainder(student, rng):
    """When the cells do not divide evenly, the larger bins are spread as the two floors say."""
    bins = int(rng.integers(4, 9))
    length = bins * int(rng.integers(2, 6)) + 2  # two cells to spread
    expect_split(student, length, bins)


@pytest.mark.rubric("bin_edges", points=1.5)
def test_fewer_cells_than_bins(student, rng):
    """With fewer cells than bins every cell is in exactly one bin and the other bins are empty."""
    length = int(rng.integers(2, 5))
    bins = length + int(rng.integers(2, 5))
    expect_split(student, length, bins)


@pytest.mark.rubric("bin_edges", points=1)
def test_edges_are_exact_integers(student, rng):
    """Edges are computed with whole numbers: a bin size kept as a float slips by one cell now and then."""
    length, bins = ((30, 22), (30, 26), (60, 22), (60, 26))[rng.integers(4)]  # each makes p * (n / P) slip
    expect_split(student, length, bins)


# ------------------------------------------------------------------ pool_bins
@pytest.mark.rubric("pool_bins", points=1.5)
def test_channels_do_not_mix(student, rng):
    """Each channel has its own maximum in each bin."""
    features = feature_maps(rng, C=3)
    rows, columns = [(1, 3), (3, 4), (4, 8)], [(2, 5), (5, 11)]
    expected = maxima(features[0], rows, columns)
    expect(student.pool_bins(features[0], rows, columns), expected, axes=BINS)


@pytest.mark.rubric("pool_bins", points=0.25)
def test_dtype_of_the_bins(student, rng):
    """The maxima have the dtype of the map: float32 stays float32."""
    feature_map = (feature_maps(rng, C=3)[0] - 10.0).astype(np.float32)
    rows, columns = [(0, 4), (4, 9)], [(1, 6), (6, 7)]
    expected = maxima(feature_map, rows, columns)
    expect(student.pool_bins(feature_map, rows, columns), expected, axes=BINS, dtype=np.float32)


@pytest.mark.rubric("pool_bins", points=1.5)
def test_negative_values(student, rng):
    """The maximum of negative values is negative."""
    features = feature_maps(rng) - 10.0
    rows, columns = [(0, 4), (4, 9)], [(1, 6)]
    expect(student.pool_bins(features[0], rows, columns), maxima(features[0], rows, columns), axes=BINS)


@pytest.mark.rubric("pool_bins", points=2)
def test_cells_outside_the_map(student, rng):
    """Cells of a bin that lie outside the map are left out of its maximum, on every side."""
    features = feature_maps(rng, H=6, W=8) - 10.0
    expected = maxima(features[0], [(0, 2), (2, 6)], [(0, 3), (3, 8)])
    expect(student.pool_bins(features[0], [(-3, 2), (2, 9)], [(-1, 3), (3, 11)]), expected, axes=BINS)


@pytest.mark.rubric("pool_bins", points=1)
def test_empty_bins_are_zero(student, rng):
    """A bin without a cell on the map gives 0, beside bins that have their maximum."""
    features = feature_maps(rng, H=6, W=8) - 10.0
    expected = [[[0, 0, plane[1:4, 2:5].max(), 0], [0, 0, 0, 0]] for plane in features[0]]
    rows, columns = [(1, 4), (6, 9)], [(-4, -1), (2, 2), (2, 5), (8, 9)]
    expect(student.pool_bins(features[0], rows, columns), expected, axes=BINS)


@pytest.mark.rubric("pool_bins", points=0.5)
def test_nan_is_seen(student, rng):
    """A NaN in a bin makes that bin's maximum NaN, wherever it stands, and no other bin's."""
    features = feature_maps(rng)
    features[0, 0, rng.integers(1, 4), rng.integers(3, 6)] = np.nan
    rows, columns = [(0, 4)], [(0, 3), (3, 7)]
    expect(student.pool_bins(features[0], rows, columns), maxima(features[0], rows, columns), axes=BINS)


# ------------------------------------------------------------------ roi_pool
@pytest.mark.rubric("roi_pool", points=2.5)
def test_several_images(student, rng):
    """The first number of an RoI names its image; row k of the result belongs to rois[k]."""
    features = feature_maps(rng, N=4)
    x1, y1 = rng.integers(0, 4, 4), rng.integers(0, 3, 4)
    rois = boxes(rng, x1, y1, x1 + 6, y1 + 5, 0.5, index=[2, 0, 2, 1])
    expect_pooled(student, features, rois, (2, 2), 0.5)


@pytest.mark.rubric("roi_pool", points=2)
def test_image_to_map(student, rng):
    """Boxes are given in pixels of the image: spatial_scale takes them to the map."""
    x1, y1 = rng.integers(1, 5, 3), rng.integers(1, 3, 3)
    rois = boxes(rng, x1, y1, x1 + 5, y1 + 4, 1 / 16)
    expect_pooled(student, feature_maps(rng), rois, (2, 2), 1 / 16)


@pytest.mark.rubric("roi_pool", points=2.5)
def test_output_that_is_not_square(student, rng):
    """output_size is (height, width): three rows of four bins are not four rows of three."""
    x1, y1 = rng.integers(0, 2, 2), rng.integers(0, 2, 2)
    expect_pooled(student, feature_maps(rng), boxes(rng, x1, y1, x1 + 10, y1 + 7), (3, 4))


@pytest.mark.rubric("roi_pool", points=2.5)
def test_boxes_over_the_border(student, rng):
    """Bins are cut from the whole box, before the map's border; only then are outside cells left out."""
    # over the left, top, right, bottom and the lower right corner of a map 9 high and 12 wide
    x1, y1 = np.array([-4, 2, 7, 3, 8]), np.array([2, -3, 1, 5, 4])
    x2, y2 = np.array([5, 8, 16, 10, 15]), np.array([7, 4, 6, 12, 13])
    expect_pooled(student, feature_maps(rng), boxes(rng, x1, y1, x2, y2), (3, 3))


@pytest.mark.rubric("roi_pool", points=2)
def test_small_and_reversed_boxes(student, rng):
    """A region is at least one cell wide and high; where it has fewer cells than bins, some bins are 0."""
    # under one cell, reversed in x, reversed in both, and two cells for three bins
    x1, y1 = np.array([4, 7, 9, 2]), np.array([3, 2, 6, 4])
    x2, y2 = np.array([4, 3, 5, 4]), np.array([3, 6, 1, 6])
    expect_pooled(student, feature_maps(rng), boxes(rng, x1, y1, x2, y2), (2, 3))


@pytest.mark.rubric("roi_pool", points=1)
def test_dtype_of_the_features(student, rng):
    """The result has the dtype of the features: float32 stays float32."""
    features = feature_maps(rng, C=1).astype(np.float32)
    expect_pooled(student, features, boxes(rng, [2], [1], [9], [6]), (2, 2), dtype=np.float32)


@pytest.mark.rubric("roi_pool", points=0.75)
def test_arguments_stay_as_they_are(student, rng):
    """The layer leaves the caller's boxes and features as they were."""
    expect_pooled(student, feature_maps(rng, C=1), boxes(rng, [3], [2], [10], [7], 0.5), (2, 2), 0.5)
    assert not student.calls[-1].outcome.changed, "roi_pool changed its own arguments; work on copies"


@pytest.mark.rubric("roi_pool", points=0.5)
def test_no_rois(student, rng):
    """No RoIs give an empty result of the right shape."""
    expect_pooled(student, feature_maps(rng), np.zeros((0, 5)), (2, 3))


# ------------------------------------------------------------------ the two other conventions
@pytest.mark.rubric("other_splits", points=2)
def test_truncated_bins(student, rng):
    """Truncated bins have floor(n / P) cells, at least one, and the cells left over are dropped."""
    bins = int(rng.integers(3, 7))
    # almost one more cell for each bin, and fewer cells than bins
    for length in (bins * int(rng.integers(2, 5)) + bins - 1, bins - 2):
        expected = roikit.bin_edges(length, bins, convention="truncate")
        expect(student.bin_edges_truncate(length, bins), expected, axes=EDGES)


@pytest.mark.rubric("other_splits", points=1.5)
def test_overlapping_bins(student, rng):
    """Overlapping bins round their start down and their end up."""
    bins = int(rng.integers(3, 7))
    length = bins * int(rng.integers(2, 5)) + 1
    expected = roikit.bin_edges(length, bins, convention="caffe")
    expect(student.bin_edges_overlap(length, bins), expected, axes=EDGES)


@pytest.mark.rubric("roi_pool_caffe", points=1.5)
def test_caffe_rounding(student, rng):
    """Caffe rounds ends to the nearest cell, halves away from zero, and the last cell belongs to the box."""
    # even numbers and a half on both sides of zero: the even rule would take them the other way
    x1, y1 = -2 * rng.integers(1, 5) - 0.5, -rng.integers(1, 5) - 1.25
    x2, y2 = 2 * rng.integers(1, 5) + 0.5, rng.integers(1, 9) + 0.75
    box = np.array([x1, y1, x2, y2])
    expected = np.sign(box) * np.floor(np.abs(box) + 0.5) + [0, 0, 1, 1]
    expect(student.quantize_roi_caffe(box * 16, 1 / 16), tuple(expected.astype(int).tolist()), axes=ENDS)


@pytest.mark.rubric("roi_pool_caffe", points=2.5)
def test_caffe_layer(student, rng):
    """Caffe's whole layer: nearest cells, inclusive ends, overlapping bins, outside cells left out."""
    expect_caffe(student, feature_maps(rng, N=2, C=4), *caffe_boxes(rng))


@pytest.mark.rubric("roi_pool_caffe", points=0.5)
def test_caffe_dtype(student, rng):
    """Caffe's layer, too, gives a result with the dtype of the features."""
    features = feature_maps(rng, N=2).astype(np.float32)
    expect_caffe(student, features, *caffe_boxes(rng), dtype=np.float32)
