"""The worked examples: what `check(...)` runs in the notebook and `roikit check` at the terminal."""

from functools import partial

import numpy as np
import pytest

import roikit
from grader.testing import expect
from roikit import examples

MAP = examples.MAP_8X8_BATCH[0]  # (1, 8, 8)
CORNERS = ("top_left", "top_right", "bottom_left", "bottom_right")
PARTS = (("low", "high", "fraction"), "point")


def expect_values(student, features, y, x, values):
    """The student's `bilinear_interpolate` gives these values, (channel, point)."""
    picture = partial(roikit.explain.bilinear_interpolate, features, y, x)
    got = student.bilinear_interpolate(features, y, x)
    expect(got, values, axes=("channel", "point"), explanation=picture)


@pytest.mark.rubric("weights", points=0.25)
def test_weights_of_the_point_in_the_picture(student):
    """At y = 3.125, x = 0.375 the fractions are 1/8 and 3/8, the weights 35, 21, 5 and 3 sixty-fourths."""
    expect(student.bilinear_weights(3.125, 0.375), np.array([35, 21, 5, 3]) / 64, axes=(CORNERS,))


@pytest.mark.rubric("weights", points=0.25)
def test_weights_halfway_down_the_left_side(student):
    """Halfway between two cells in a column each gets 1/2; the cells to the right get nothing."""
    expect(student.bilinear_weights(4.5, 2.0), [0.5, 0.0, 0.5, 0.0], axes=(CORNERS,))


@pytest.mark.rubric("neighbours", points=0.25)
def test_neighbours_inside(student):
    """3.125 lies between cells 3 and 4, an eighth of the way: low 3, high 4, fraction 0.125."""
    got = student.neighbours(np.array([3.125, 0.375, 6.5]), 8)
    expect(got, [[3, 0, 6], [4, 1, 7], [0.125, 0.375, 0.5]], axes=PARTS)


@pytest.mark.rubric("neighbours", points=0.25)
def test_neighbours_at_the_border(student):
    """Beyond the last of 8 cells a position is clamped to it: 7.0 and 7.5 have low 7, high 7, fraction 0."""
    got = student.neighbours(np.array([7.0, 7.5, -0.5]), 8)
    expect(got, [[7, 7, 0], [7, 7, 1], [0.0, 0.0, 0.0]], axes=PARTS)


@pytest.mark.rubric("inside", points=0.25)
def test_value_of_the_point_in_the_picture(student):
    """Between 0.85, 0.34 (row 3) and 0.32, 0.74 (row 4) the value is 0.63609375."""
    expect_values(student, MAP, np.array([3.125]), np.array([0.375]), [[0.63609375]])


@pytest.mark.rubric("inside", points=0.25)
def test_middle_of_four_cells(student):
    """In the middle of four cells the value is their mean, at a cell it is the cell's value."""
    # (0.29 + 0.75 + 0.34 + 0.03) / 4; row 5, column 6
    expect_values(student, MAP, np.array([3.5, 5.0]), np.array([4.5, 6.0]), [[0.3525, 0.96]])


@pytest.mark.rubric("border", points=0.25)
def test_last_row_and_beyond(student):
    """In the last row, and up to one cell below it, the value comes from the last row alone."""
    # row 7 at x = 5.25 is 3/4 · 0.35 + 1/4 · 0.50; row 0 there is 3/4 · 0.77 + 1/4 · 0.96
    y, x = np.array([7.0, 7.5, -0.5, 7.0]), np.array([5.25, 5.25, 5.25, 7.0])
    expect_values(student, MAP, y, x, [[0.3875, 0.3875, 0.8175, 0.91]])


@pytest.mark.rubric("border", points=0.25)
def test_far_outside_is_zero(student):
    """More than one cell before the first or after the last cell a point counts 0."""
    y, x = np.array([-1.5, 2.0, 2.0]), np.array([3.0, 8.25, 7.75])
    expect_values(student, MAP, y, x, [[0.0, 0.0, 0.26]])


@pytest.mark.rubric("points", points=0.25)
def test_grid_by_broadcasting(student):
    """A column of y and a row of x are a grid: on the map 10 y + x it reads 10 y + x."""
    y, x = np.array([[0.5], [1.25]]), np.array([[0.25, 1.5, 2.75]])  # (2, 1) and (1, 3)
    features = examples.ramp(4, 5)[None]
    picture = partial(roikit.explain.bilinear_interpolate, features, y, x)
    got = student.bilinear_interpolate(features, y, x)
    values = [[[5.25, 6.5, 7.75], [12.75, 14.0, 15.25]]]
    expect(got, values, axes=("channel", "row", "column"), explanation=picture)


@pytest.mark.rubric("points", points=0.25)
def test_one_point_on_two_channels(student):
    """One point, given as two numbers, has one value for each channel."""
    features = np.stack([examples.ramp(3, 4), examples.ramp(3, 4, a=-2.0, b=4.0)])
    expect(student.bilinear_interpolate(features, 1.5, 2.25), [17.25, 6.0], axes=("channel",))
