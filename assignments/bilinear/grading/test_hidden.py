"""What the grades are made of: one idea a case, inputs drawn from the run's secret seed.

No point lies exactly on -1 or on H, where the value jumps, and no map holds NaN. Which axis is held against
which size is asked by `test_outside_counts_zero`; elsewhere x stays below the height, and y below the width.
"""

from functools import partial

import numpy as np
import pytest

import roikit
from grader.testing import expect

CORNERS = ("top_left", "top_right", "bottom_left", "bottom_right")
PARTS = (("low", "high", "fraction"), "point")
VALUES = ("channel", "point")


def feature_maps(rng, C=1, H=6, W=9):
    """C maps of distinct values on both sides of zero, in random order: every cell counts."""
    values = rng.permutation(C * H * W) - C * H * W // 3
    return (values.reshape(C, H, W) + 0.5) / 16


def points(rng, first, last, count):
    """`count` coordinates between two cells' indices, at least 5/64 away from every whole number."""
    return rng.integers(first, last, count) + rng.integers(5, 60, count) / 64


def halfway(rng):
    """Two coordinates in the middle of two cells, after an even and after an odd one."""
    return 2 * rng.integers(0, 2, 2) + [0.5, 1.5]


def expect_interpolated(student, features, y, x, axes=VALUES, **asked):
    """The student's `bilinear_interpolate` gives what RoIAlign's rule gives."""
    expected = roikit.bilinear_interpolate(features, y, x)
    picture = partial(roikit.explain.bilinear_interpolate, features, y, x)
    expect(student.bilinear_interpolate(features, y, x), expected, axes=axes, explanation=picture, **asked)


# ------------------------------------------------------------------ bilinear_weights
@pytest.mark.rubric("weights", points=2.5)
def test_weights_of_a_random_point(student, rng):
    """Each weight is the area between the point and the opposite neighbour, in row-major order."""
    frac_y, frac_x = rng.integers(5, 16) / 64, rng.integers(36, 60) / 64
    expected = [(1 - frac_y) * (1 - frac_x), (1 - frac_y) * frac_x, frac_y * (1 - frac_x), frac_y * frac_x]
    y, x = float(rng.integers(1, 30) + frac_y), float(rng.integers(1, 30) + frac_x)
    expect(student.bilinear_weights(y, x), expected, axes=(CORNERS,))


@pytest.mark.rubric("weights", points=2)
def test_weights_of_many_points(student, rng):
    """With arrays of points there are four weights for each point, and each four sum to 1."""
    y, x = points(rng, 0, 20, 6), points(rng, 0, 20, 6)
    y[:2] = halfway(rng)
    frac_y, frac_x = y % 1, x % 1
    expected = [(1 - frac_y) * (1 - frac_x), (1 - frac_y) * frac_x, frac_y * (1 - frac_x), frac_y * frac_x]
    expect(student.bilinear_weights(y, x), expected, axes=(CORNERS, "point"))


@pytest.mark.rubric("weights", points=1.5)
def test_weights_on_a_line_between_cells(student, rng):
    """With one coordinate a whole number, two neighbours share the weight and the other two get none."""
    frac = rng.integers(5, 28) / 64
    row, column = float(rng.integers(1, 9)), float(rng.integers(1, 9) + frac)
    expect(student.bilinear_weights(row, column), [1 - frac, frac, 0, 0], axes=(CORNERS,))


# ------------------------------------------------------------------ neighbours
@pytest.mark.rubric("neighbours", points=1.5)
def test_neighbours_between_cells(student, rng):
    """Between two cells: the cell before, the cell after, and the part of the way between them."""
    length = int(rng.integers(12, 30))
    position = points(rng, 1, length - 1, 5)
    expect(student.neighbours(position, length), [position // 1, position // 1 + 1, position % 1], axes=PARTS)


@pytest.mark.rubric("neighbours", points=2)
def test_neighbours_beyond_the_ends(student, rng):
    """Beyond an end the position itself is clamped; the second neighbour never leaves the map."""
    length = int(rng.integers(5, 12))
    beyond = rng.integers(5, 60) / 64
    position = np.array([-beyond, length - 1 + beyond, length - 1, length - 2 + beyond])
    expected = [[0, length - 1, length - 1, length - 2], [1] + 3 * [length - 1], [0, 0, 0, beyond]]
    expect(student.neighbours(position, length), expected, axes=PARTS)


# ------------------------------------------------------------------ bilinear_interpolate inside the map
@pytest.mark.rubric("inside", points=2.5)
def test_points_inside(student, rng):
    """Points inside a map that is not square, with negative values, mix their four neighbours."""
    y, x = points(rng, 0, 5, 6), points(rng, 0, 6, 6)
    y[:2] = halfway(rng)
    expect_interpolated(student, feature_maps(rng), y, x)


@pytest.mark.rubric("inside", points=3)
def test_channels_do_not_mix(student, rng):
    """Each channel is interpolated by itself: the result has one row for each channel."""
    expect_interpolated(student, feature_maps(rng, C=3), points(rng, 0, 5, 4), points(rng, 0, 6, 4))


@pytest.mark.rubric("inside", points=3)
def test_whole_coordinates(student, rng):
    """At a cell the value is the cell's; on the line between two cells it is a mix of these two."""
    y, x = rng.integers(1, 5, 3).astype(float), rng.integers(1, 6, 3).astype(float)
    y[1:2] += rng.integers(5, 60) / 64
    x[2:3] += rng.integers(5, 60) / 64
    expect_interpolated(student, feature_maps(rng), y, x)


@pytest.mark.rubric("inside", points=1)
def test_dtype_of_the_features(student, rng):
    """The result has the dtype of the features: float32 stays float32."""
    features = feature_maps(rng).astype(np.float32)
    expect_interpolated(student, features, points(rng, 0, 5, 3), points(rng, 0, 6, 3), dtype=np.float32)


# ------------------------------------------------------------------ the border rule
@pytest.mark.rubric("border", points=3)
def test_last_row_and_column(student, rng):
    """In the last row and column there is no next cell, and the value is still a mix of the map's cells."""
    y = np.array([6.0, points(rng, 0, 6, 1)[0], 6.0])
    x = np.array([points(rng, 0, 5, 1)[0], 5.0, 5.0])
    expect_interpolated(student, feature_maps(rng, C=2, H=7, W=6), y, x)


@pytest.mark.rubric("border", points=2.5)
def test_up_to_one_cell_below_and_right(student, rng):
    """Up to one cell beyond the last row or column the point is clamped to it."""
    # below a whole column, right of a whole row: only the border decides
    y = np.concatenate([points(rng, 6, 7, 2), rng.integers(1, 6, 1)])
    x = np.concatenate([rng.integers(1, 5, 1), points(rng, 5, 6, 2)])
    expect_interpolated(student, feature_maps(rng, H=7, W=6), y, x)


@pytest.mark.rubric("border", points=2.5)
def test_up_to_one_cell_above_and_left(student, rng):
    """Up to one cell before the first row or column the point is clamped, not wrapped to the far side."""
    y = np.concatenate([points(rng, -1, 0, 2), rng.integers(1, 5, 1)])
    x = np.concatenate([rng.integers(1, 6, 1), points(rng, -1, 0, 2)])
    expect_interpolated(student, feature_maps(rng), y, x)


@pytest.mark.rubric("border", points=2.5)
def test_outside_counts_zero(student, rng):
    """A point further out counts 0 in every channel; y is held against the height, x against the width."""
    above_below, left_right = points(rng, -2, -1, 2), points(rng, -2, -1, 2)
    above_below[1] += 8
    left_right[1] += 11
    # the last one is clamped to the lower right corner: its x is beyond H, but not beyond W
    y = np.concatenate([above_below, points(rng, 0, 5, 2), points(rng, 5, 6, 1)])
    x = np.concatenate([points(rng, 0, 8, 2), left_right, points(rng, 8, 9, 1)])
    expect_interpolated(student, feature_maps(rng, C=2), y, x)


# ------------------------------------------------------------------ many points at once
@pytest.mark.rubric("points", points=3)
def test_grid_of_points(student, rng):
    """y of shape (n, 1) and x of shape (1, m) are a grid of n × m points."""
    y = rng.permutation(6)[:3, None].astype(float)  # whole rows and columns: the grid is the idea here
    x = rng.permutation(6)[None, :4].astype(float)
    expect_interpolated(student, feature_maps(rng, C=2), y, x, axes=("channel", "row", "column"))


@pytest.mark.rubric("points", points=1.5)
def test_row_of_the_map(student, rng):
    """A single number for y goes with an array of x: all points of one row."""
    y = float(points(rng, 0, 5, 1)[0])
    expect_interpolated(student, feature_maps(rng, C=3), y, points(rng, 0, 6, 5))


@pytest.mark.rubric("points", points=2)
def test_many_points_and_channels(student, rng):
    """Hundreds of points on many channels, in one call, which leaves its arguments as they were."""
    features = feature_maps(rng, C=12, H=25, W=38)
    expect_interpolated(student, features, rng.uniform(-0.9, 24.9, 300), rng.uniform(-0.9, 37.9, 300))
    assert not student.calls[-1].outcome.changed, "the call changed its arguments in place; work on copies"


@pytest.mark.rubric("points", points=1.5)
def test_other_shapes_of_map(student, rng):
    """A tall map, a map of one column and a map of one cell: nothing depends on the map's size."""
    for H, W in ((11, 3), (4, 1), (1, 1)):
        y, x = rng.uniform(-0.9, H - 0.1, 4), rng.uniform(-0.9, W - 0.1, 4)
        expect_interpolated(student, feature_maps(rng, H=H, W=W), y, x)
