"""The worked examples: what `check(...)` runs in the notebook, and `roikit check` at the terminal."""

from functools import partial

import numpy as np
import pytest

import roikit
from grader.testing import expect
from roikit import examples

ENDS = (("x1", "y1", "x2", "y2"),)
EDGES = ("bin", ("start", "end"))
WORKED = (examples.MAP_8X8_BATCH, examples.ROI_8X8, (2, 2), 1.0)


def expect_split(student, length, bins, edges):
    """The student's `bin_edges` gives these edges."""
    picture = partial(roikit.explain.bins, length, bins, convention="disjoint")
    expect(student.bin_edges(length, bins), edges, axes=EDGES, explanation=picture)


@pytest.mark.rubric("quantize_roi", points=0.25)
def test_floor_of_each_end(student):
    """The box [30, 0, 665, 665] at 1/32 ends at floor(665/32) = 20: each end is rounded down by itself."""
    # 30/32 = 0.94, 665/32 = 20.78; rounding the *width* 635/32 = 19.84 instead would end at 19
    got = student.quantize_roi([30, 0, 665, 665], 1 / 32)
    expect(got, (0, 0, 20, 20), dtype=np.integer, axes=ENDS)


@pytest.mark.rubric("quantize_roi", points=0.25)
def test_floor_below_zero(student):
    """Floor goes down on the left of the image too: -8/16 = -0.5 becomes -1."""
    expect(student.quantize_roi([-8, 24, 431, 300], 1 / 16), (-1, 1, 26, 18), axes=ENDS)


@pytest.mark.rubric("bin_edges", points=0.25)
def test_five_and_seven_cells_into_two_bins(student):
    """7 cells into 2 bins are 3 + 4 cells, and 5 cells are 2 + 3."""
    expect_split(student, 7, 2, [(0, 3), (3, 7)])
    expect_split(student, 5, 2, [(0, 2), (2, 5)])


@pytest.mark.rubric("bin_edges", points=0.25)
def test_one_cell_into_two_bins(student):
    """With fewer cells than bins some bins are empty: 1 cell into 2 bins is [0, 0) and [0, 1)."""
    expect_split(student, 1, 2, [(0, 0), (0, 1)])


@pytest.mark.rubric("pool_bins", points=0.25)
def test_four_bins_of_the_map(student):
    """Rows 3-4 and 5-7, columns 0-2 and 3-6 of the 8×8 map have the maxima 0.85, 0.84, 0.97, 0.96."""
    got = student.pool_bins(examples.MAP_8X8_BATCH[0], [(3, 5), (5, 8)], [(0, 3), (3, 7)])
    expect(got, [[[0.85, 0.84], [0.97, 0.96]]], axes=("channel", "bin", "bin"))


@pytest.mark.rubric("roi_pool", points=0.25)
def test_worked_example(student):
    """The 8×8 map with RoI [0, 3, 7, 8] and 2×2 bins gives the four numbers of the picture."""
    picture = partial(roikit.explain.roi_pool, *WORKED, convention="disjoint")
    expected = [[[[0.85, 0.84], [0.97, 0.96]]]]
    expect(student.roi_pool(*WORKED), expected, explanation=picture)


@pytest.mark.rubric("other_splits", points=0.25)
def test_twenty_cells_truncated(student):
    """`truncate` cuts 20 cells into 7 bins of 2 cells and drops the last 6."""
    bins = [(0, 2), (2, 4), (4, 6), (6, 8), (8, 10), (10, 12), (12, 14)]
    expect(student.bin_edges_truncate(20, 7), bins, axes=EDGES)


@pytest.mark.rubric("other_splits", points=0.25)
def test_seven_cells_overlapping(student):
    """`overlap` cuts 7 cells into 2 bins that share a cell: 0 to 3 and 3 to 6."""
    expect(student.bin_edges_overlap(7, 2), [(0, 4), (3, 7)], axes=EDGES)


@pytest.mark.rubric("roi_pool_caffe", points=0.25)
def test_worked_example_caffe(student):
    """Caffe's layer finds other numbers in the box: it reads one row and column more, and bins overlap."""
    picture = partial(roikit.explain.roi_pool, *WORKED, convention="caffe")
    expected = [[[[0.85, 0.96], [0.97, 0.91]]]]
    expect(student.roi_pool_caffe(*WORKED), expected, explanation=picture)


@pytest.mark.rubric("roi_pool_caffe", points=0.25)
def test_halves_go_away_from_zero(student):
    """C's round sends halves away from zero, and the ends are inclusive: 2.5 and 4.5 are cells 3 to 5."""
    got = student.quantize_roi_caffe(np.array([40.0, -8.0, 72.0, 100.0]), 1 / 16)  # 2.5, -0.5, 4.5, 6.25
    expect(got, (3, -1, 6, 7), axes=ENDS)
