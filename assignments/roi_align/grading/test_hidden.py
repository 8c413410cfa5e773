"""What the grades are made of: one idea a case, inputs drawn from the run's secret seed.

Boxes are drawn from a continuum, so that no sample falls exactly on -1 or on H, where the value jumps. No
map holds NaN. Where the half cell is not the idea, about half of the cases do without it, so that forgetting
it does not cost everything; some take one sample a bin, which no rule for several puts elsewhere.
"""

from functools import partial

import numpy as np
import pytest

import roikit
from grader.testing import expect

POINTS = ("bin", "point")
BOX = (("y", "x", "height", "width"),)
BINS = ("channel", "bin", "bin")


def feature_maps(rng, N=1, C=2, H=9, W=12):
    """N maps of distinct values on both sides of zero, in random order: every cell counts."""
    values = rng.permutation(N * C * H * W) - N * C * H * W // 3
    return (values.reshape(N, C, H, W) + 0.5) / 64


def boxes(rng, x1, y1, x2, y2, spatial_scale=1.0, index=0):
    """One RoI a column of `x1, y1, x2, y2` (cells), moved by a random part of a cell, scaled to the image."""
    ends = np.stack([x1, y1, x2, y2], axis=1) + rng.uniform(0.1, 0.9, (len(x1), 4))
    indices = np.broadcast_to(index, len(x1)).astype(np.float64)
    return np.column_stack([indices, ends / spatial_scale])


def expect_aligned(student, features, rois, output_size, spatial_scale=1.0, asked=None, **options):
    """The student's `roi_align` gives what RoIAlign's definition gives; `asked` goes to `expect`."""
    every = {"sampling_ratio": 2, "aligned": True, "mode": "avg"} | options
    expected = roikit.roi_align(features, rois, output_size, spatial_scale, **every)
    picture = partial(roikit.explain.roi_align, features, rois, output_size, spatial_scale, **every)
    got = student.roi_align(features, rois, output_size, spatial_scale, **options)
    expect(got, expected, explanation=picture, **(asked or {}))


# ------------------------------------------------------------------ sample_points
@pytest.mark.rubric("sample_points", points=2.5)
def test_points_are_centres_of_equal_parts(student, rng):
    """Each bin is cut into as many equal parts as it has points; a point lies in the middle of its part."""
    start, size = rng.uniform(1, 20), rng.uniform(4, 20)
    bins, ratio = int(rng.integers(3, 6)), 4
    expected = [[start + (p + (i + 0.5) / ratio) * size / bins for i in range(ratio)] for p in range(bins)]
    expect(student.sample_points(start, size, bins, ratio), expected, axes=POINTS)


@pytest.mark.rubric("sample_points", points=2)
def test_points_of_a_box_over_the_border(student, rng):
    """Points are not clamped nor rounded: a box that starts left of the map has negative coordinates."""
    start, size = rng.uniform(-6, -3), rng.uniform(0.5, 2)
    expected = [[start + (p + part) * size / 4 for part in (0.25, 0.75)] for p in range(4)]
    expect(student.sample_points(start, size, 4, 2), expected, axes=POINTS)


# ------------------------------------------------------------------ box_on_map
@pytest.mark.rubric("box_on_map", points=2)
def test_scaled_box(student, rng):
    """The box is scaled, then moved by half a cell; its width and height are not touched by the half cell."""
    for x in (rng.uniform(11, 19), rng.uniform(-4.4, -3.6)):  # inside the map, and over its left border
        y, height, width = rng.uniform(1, 9), rng.uniform(2, 9), rng.uniform(11, 19)
        box = np.array([x, y, x + width, y + height]) * 16
        expect(student.box_on_map(box, 1 / 16, True), [y - 0.5, x - 0.5, height, width], axes=BOX)
    assert not student.calls[-1].outcome.changed, "the call changed the box in place; work on a copy"


@pytest.mark.rubric("box_on_map", points=1.5)
def test_small_box(student, rng):
    """Under one cell: aligned=True keeps the size as it is, aligned=False makes it one cell."""
    y, x, height, width = rng.uniform(1, 9), rng.uniform(1, 9), rng.uniform(0.1, 0.9), rng.uniform(0.1, 0.9)
    box = np.array([x, y, x + width, y + height]) * 8
    expect(student.box_on_map(box, 1 / 8, True), [y - 0.5, x - 0.5, height, width], axes=BOX)
    expect(student.box_on_map(box, 1 / 8, False), [y, x, 1, 1], axes=BOX)


# ------------------------------------------------------------------ sample_bins
@pytest.mark.rubric("sample_bins", points=3)
def test_average_of_the_samples(student, rng):
    """Each bin is the average of its own samples, in each channel by itself."""
    feature_map = feature_maps(rng, C=3)[0]
    y, x = rng.uniform(0, 8, (3, 2)), rng.uniform(0, 11, (2, 4))
    y[2, 1], x[0] = 8, [1, 2.5, 4, 4.5]  # the last row; at and halfway between columns
    values = roikit.bilinear_interpolate(feature_map, y[:, None, :, None], x[None, :, None, :])
    expect(student.sample_bins(feature_map, y, x, "avg"), values.mean(axis=(3, 4)), axes=BINS)


@pytest.mark.rubric("sample_bins", points=3)
def test_maximum_of_the_samples(student, rng):
    """The maximum is taken of the interpolated samples; one outside the map takes part as a 0."""
    feature_map = feature_maps(rng, H=7, W=5)[0] - 4.0  # all values below zero
    y, x = rng.uniform(0, 6, (2, 3)), rng.uniform(0, 4, (3, 2))
    x[2, 1] = rng.uniform(5.5, 9)
    values = roikit.bilinear_interpolate(feature_map, y[:, None, :, None], x[None, :, None, :])
    expect(student.sample_bins(feature_map, y, x, "max"), values.max(axis=(3, 4)), axes=BINS)


# ------------------------------------------------------------------ roi_align
@pytest.mark.rubric("roi_align", points=3.5)
def test_several_images(student, rng):
    """RoIs of several images in any order, in image pixels: row k of the result belongs to rois[k]."""
    x1, y1 = rng.integers(1, 5, 5), rng.integers(1, 3, 5)
    x2, y2 = x1 + rng.integers(3, 6, 5), y1 + rng.integers(2, 5, 5)
    rois = boxes(rng, x1, y1, x2, y2, 1 / 2, index=[1, 0, 4, 1, 2])
    expect_aligned(student, feature_maps(rng, N=5), rois, (2, 3), 1 / 2)


@pytest.mark.rubric("roi_align", points=2.5)
def test_not_aligned(student, rng):
    """aligned=False: no half cell, and a box is at least one cell wide and high."""
    # an ordinary box, one under a cell, a flat one
    rois = boxes(rng, [2, 5, 1], [1, 3, 4], [8, 5, 7], [6, 3, 4], 1 / 4)
    rois[1:, 3:] = np.maximum(rois[1:, 1:3] + 1, rois[1:, 3:])  # not reversed: at least a quarter of a cell
    expect_aligned(student, feature_maps(rng), rois, (3, 2), 1 / 4, sampling_ratio=1, aligned=False)


@pytest.mark.rubric("roi_align", points=2.5)
def test_maximum(student, rng):
    """mode "max" keeps the largest sample of each bin, also where all values are negative."""
    rois = boxes(rng, [1, 4], [2, 1], [9, 10], [6, 7], 1 / 2)
    expect_aligned(student, feature_maps(rng) - 8.0, rois, (3, 2), 1 / 2, aligned=False, mode="max")


@pytest.mark.rubric("roi_align", points=1.5)
def test_dtype_and_arguments(student, rng):
    """float32 features give a float32 result, and the caller's boxes and features stay as they were."""
    features = feature_maps(rng, C=1).astype(np.float32)
    rois = boxes(rng, [2], [1], [9], [6], 1 / 4)
    # float32 holds about 7 digits, and solutions round to it at different places
    asked = {"dtype": np.float32, "rtol": 1e-5, "atol": 1e-5}
    expect_aligned(student, features, rois, (2, 2), 1 / 4, asked)
    assert not student.calls[-1].outcome.changed, "the call changed its arguments in place; work on copies"


@pytest.mark.rubric("roi_align", points=1)
def test_no_rois(student, rng):
    """One RoI gives a result for one, no RoIs give an empty result of the right shape."""
    features = feature_maps(rng, C=3)
    for rois in (boxes(rng, [3], [1], [8], [7]), np.zeros((0, 5))):
        expect_aligned(student, features, rois, (2, 3))


@pytest.mark.rubric("roi_align", points=1)
def test_real_size(student, rng):
    """Many channels, many RoIs, 7×7 bins."""
    x1, y1 = rng.integers(0, 20, 12), rng.integers(0, 10, 12)
    x2, y2 = x1 + rng.integers(3, 17, 12), y1 + rng.integers(3, 14, 12)
    rois = boxes(rng, x1, y1, x2, y2, 1 / 32, index=rng.integers(0, 2, 12))
    features = feature_maps(rng, N=2, C=6, H=25, W=38)
    expect_aligned(student, features, rois, (7, 7), 1 / 32, sampling_ratio=1, aligned=False)


# ------------------------------------------------------------------ border
@pytest.mark.rubric("border", points=2.5)
def test_over_the_left_and_upper_border(student, rng):
    """Samples up to one cell before the first row or column are clamped, those further out count as 0."""
    rois = boxes(rng, [-4, 3, -3], [2, -4, -3], [5, 9, 6], [7, 4, 5])
    expect_aligned(student, feature_maps(rng), rois, (3, 4))


@pytest.mark.rubric("border", points=2.5)
def test_over_the_right_and_lower_border(student, rng):
    """Samples up to one cell after the last row or column are clamped; y is held against H, x against W."""
    rois = boxes(rng, [6, 2, 7, 5], [1, 4, 4, 2], [16, 8, 15, 12], [6, 13, 12, 9])
    rois[3, 1:] = [5.5, 0.5, 11.5, 8.5]  # samples at whole coordinates, up to the last row and column
    expect_aligned(student, feature_maps(rng), rois, (4, 3), aligned=False)


# ------------------------------------------------------------------ sampling_ratio
@pytest.mark.rubric("sampling_ratio", points=2)
def test_fewer_and_more_samples(student, rng):
    """sampling_ratio 1 is one sample in the middle of each bin, 3 is 3×3 samples, 4 is 4×4."""
    features, rois = feature_maps(rng, C=1), boxes(rng, [1, 3], [2, 1], [10, 8], [7, 5])
    for ratio in (1, 3, 4):
        expect_aligned(student, features, rois, (2, 3), sampling_ratio=ratio, aligned=False)


@pytest.mark.rubric("sampling_ratio", points=3)
def test_adaptive_for_every_box(student, rng):
    """Adaptive: the number of samples is ceil(size / bins), for each box and each axis by itself."""
    # flat and wide, tall and narrow, small: in 2×3 bins that is 1×3, 4×1 and 1×1 samples
    rois = boxes(rng, [1, 6, 4], [4, 1, 3], [8, 7, 5], [5, 7, 4])
    rois[0, 3], rois[1, 4] = rois[0, 1] + rng.uniform(6.3, 7.2), rois[1, 2] + rng.uniform(6.2, 6.8)
    expect_aligned(student, feature_maps(rng), rois, (2, 3), sampling_ratio=-1, aligned=False)


@pytest.mark.rubric("sampling_ratio", points=1.5)
def test_adaptive_empty_box(student, rng):
    """An empty or reversed box has no samples when they are adaptive, and gives 0; other boxes as ever."""
    rois = boxes(rng, [2, 4, 8, 1, 3], [1, 3, 5, 2, 1], [7, 9, 5, 6, 8], [6, 8, 2, 5, 7])
    rois[1, 4] = rois[1, 2]  # no height
    rois[4, 3] = rois[4, 1]  # no width
    expect_aligned(student, feature_maps(rng), rois, (3, 2), sampling_ratio=0)
