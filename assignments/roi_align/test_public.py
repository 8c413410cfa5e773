"""The worked examples: what `check(...)` runs in the notebook and `roikit check` at the terminal."""

from functools import partial

import numpy as np
import pytest

import roikit
from grader.testing import expect
from roikit import examples

POINTS = ("bin", "point")
BOX = (("y", "x", "height", "width"),)


def expect_aligned(student, expected, features, rois, output_size, *options):
    """The student's `roi_align` gives these numbers; `options` are those after output_size."""
    scale, ratio, aligned, mode = options
    every = {"sampling_ratio": ratio, "aligned": aligned, "mode": mode}
    picture = partial(roikit.explain.roi_align, features, rois, output_size, scale, **every)
    got = student.roi_align(features, rois, output_size, *options)
    expect(got, expected, explanation=picture)


@pytest.mark.rubric("sample_points", points=0.25)
def test_quarters_of_the_bin(student):
    """Two points a bin lie at 1/4 and 3/4 of it: of a bin from 2.5 to 5.0 at 3.125 and 4.375."""
    expect(student.sample_points(2.5, 5.0, 2, 2), [[3.125, 4.375], [5.625, 6.875]], axes=POINTS)


@pytest.mark.rubric("sample_points", points=0.25)
def test_bins_are_not_quantized(student):
    """665/32 = 20.78125 cells in 7 bins: a bin is 2.96875 cells and its one sample lies in its middle."""
    centres = [[(p + 0.5) * 95 / 32] for p in range(7)]  # 20.78125 / 7 = 2.96875 = 95/32
    expect(student.sample_points(0.0, 20.78125, 7, 1), centres, axes=POINTS)


@pytest.mark.rubric("box_on_map", points=0.25)
def test_box_keeps_its_fractions(student):
    """[30, 0, 665, 665] at 1/32, aligned: y = -0.5, x = 0.4375, height 20.78125, width 19.84375."""
    expect(student.box_on_map([30, 0, 665, 665], 1 / 32, True), [-0.5, 0.4375, 20.78125, 19.84375], axes=BOX)


@pytest.mark.rubric("box_on_map", points=0.25)
def test_at_least_one_cell_unless_aligned(student):
    """With aligned=False a box is at least one cell wide and high, and it is not moved: y = 4, x = 2."""
    expect(student.box_on_map([32, 64, 40, 128], 1 / 16, False), [4.0, 2.0, 4.0, 1.0], axes=BOX)


@pytest.mark.rubric("sample_bins", points=0.25)
def test_four_samples_of_one_bin(student):
    """The first bin of the picture: its four samples have the average 1221/2560 and the maximum 2249/3200."""
    feature_map, y, x = examples.MAP_8X8_BATCH[0], np.array([[3.125, 4.375]]), np.array([[0.375, 2.125]])
    axes = ("channel", "bin row", "bin column")
    expect(student.sample_bins(feature_map, y, x, "avg"), [[[1221 / 2560]]], axes=axes)
    expect(student.sample_bins(feature_map, y, x, "max"), [[[2249 / 3200]]], axes=axes)


@pytest.mark.rubric("roi_align", points=0.25)
def test_worked_example_aligned(student):
    """The 8×8 map with RoI [0, 3, 7, 8], 2×2 bins, 2×2 samples a bin, aligned: average and maximum."""
    example = (examples.MAP_8X8_BATCH, examples.ROI_8X8, (2, 2), 1.0, 2, True)
    average = [[[[1221 / 2560, 12057 / 25600], [11697 / 25600, 5827 / 12800]]]]
    maximum = [[[[2249 / 3200, 3919 / 6400], [493 / 640, 2541 / 3200]]]]
    expect_aligned(student, average, *example, "avg")
    expect_aligned(student, maximum, *example, "max")


@pytest.mark.rubric("roi_align", points=0.25)
def test_worked_example_not_aligned(student):
    """The same box with aligned=False: half a cell further down and right, other numbers in every bin."""
    example = (examples.MAP_8X8_BATCH, examples.ROI_8X8, (2, 2), 1.0, 2, False)
    average = [[[[4689 / 12800, 14083 / 25600], [11771 / 25600, 4803 / 12800]]]]
    maximum = [[[[3719 / 6400, 5207 / 6400], [753 / 1280, 441 / 800]]]]
    expect_aligned(student, average, *example, "avg")
    expect_aligned(student, maximum, *example, "max")


@pytest.mark.rubric("roi_align", points=0.25)
def test_ramp_gives_the_bin_centres(student):
    """On the map 10 y + x the average of a bin is the value at its centre: 665/32 cells in 7 bins."""
    centres = (np.arange(7) + 0.5) * 95 / 32 - 0.5
    expected = (10 * centres[:, None] + centres)[None, None]
    features = examples.ramp(25, 25)[None, None]
    expect_aligned(student, expected, features, examples.BOX_665, (7, 7), examples.SCALE_665, 2, True, "avg")


@pytest.mark.rubric("border", points=0.25)
def test_box_over_the_right_border(student):
    """On a map of ones each bin gives the share of its samples that is not outside: all, half, none."""
    # samples at x = 1.9, 2.75 | 3.6, 4.4 | 5.25, 6.1 on 4 columns: 3.6 is clamped to 3, 4.4 is outside
    features, rois = np.ones((1, 1, 4, 4)), np.array([[0.0, 2.0, 1.0, 7.0, 3.0]])
    expect_aligned(student, [[[[1.0, 0.5, 0.0]]]], features, rois, (1, 3), 1.0, 2, True, "avg")


@pytest.mark.rubric("sampling_ratio", points=0.25)
def test_adaptive_samples(student):
    """With sampling_ratio -1 a bin 3 cells wide has 3 samples a row, and a bin 1 cell wide has one."""
    # x² read at .5 1.5 2.5 | 3.5 4.5 5.5 is .5 2.5 6.5 | 12.5 20.5 30.5; the narrow box reads .5 | 2.5
    features = np.tile(np.arange(9.0) ** 2, (1, 1, 2, 1))
    rois = np.array([[0.0, 0.0, 0.0, 6.0, 1.0], [0.0, 0.0, 0.0, 2.0, 1.0]])
    expected = [[[[9.5 / 3, 63.5 / 3]]], [[[0.5, 2.5]]]]
    expect_aligned(student, expected, features, rois, (1, 2), 1.0, -1, False, "avg")
