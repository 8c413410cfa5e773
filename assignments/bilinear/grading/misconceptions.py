"""What people take bilinear interpolation for, in place of the steps of `solution.py`: run in its namespace.

A version stands in for the step that `MISCONCEPTIONS` names; versions of different steps combine. Its
docstring is the sentence for its author, beside the heading in `SECTIONS`.
"""
# ruff: noqa: F821  (the names of the steps)

import numpy as np

_cells = cells  # the right one, for those that use it


# ------------------------------------------------------------------ the four weights
def opposite_corners(near_y, far_y, near_x, far_x):
    """Each weight went to the opposite corner. Which cell should give a point that lies on it its value?"""
    return np.array([far_y * far_x, far_y * near_x, near_y * far_x, near_y * near_x])


def x_weights_swapped(near_y, far_y, near_x, far_x):
    """Left and right have each other's weights. With frac_x near 0, which column is the point close to?"""
    return np.array([near_y * far_x, near_y * near_x, far_y * far_x, far_y * near_x])


def y_weights_swapped(near_y, far_y, near_x, far_x):
    """Top and bottom have each other's weights. With frac_y near 0, which row is the point close to?"""
    return np.array([far_y * near_x, far_y * far_x, near_y * near_x, near_y * far_x])


def column_order(near_y, far_y, near_x, far_x):
    """The weights of top_right and bottom_left stand in each other's place: the order is row by row."""
    return np.array([near_y * near_x, far_y * near_x, near_y * far_x, far_y * far_x])


def added_not_multiplied(near_y, far_y, near_x, far_x):
    """The parts along y and x were added up; a weight is the area of a rectangle."""
    return np.array([near_y + near_x, near_y + far_x, far_y + near_x, far_y + far_x]) / 4


def added_not_multiplied__not_divided(near_y, far_y, near_x, far_x):
    """The parts along y and x were added up; a weight is an area, and the four of them sum to 1."""
    return np.array([near_y + near_x, near_y + far_x, far_y + near_x, far_y + far_x])


def nearest(position, low, upper):
    """One cell, the nearest, got all the weight; bilinear interpolation mixes four."""
    return _all_to(np.floor(position + 0.5), low)


def nearest__halves_to_even(position, low, upper):
    """One cell, the nearest (as `round` has it), got all the weight; bilinear interpolation mixes four."""
    return _all_to(np.round(position), low)


def nearest__halves_down(position, low, upper):
    """One cell, the nearest to the fractions, got all the weight; bilinear interpolation mixes four."""
    return _all_to(np.ceil(position - 0.5), low)


def top_left_only(position, low, upper):
    """The fractions were dropped: every point has its top_left cell's value, but all four count."""
    return _all_to(low, low)


def _all_to(cell, low):
    far = (cell > low).astype(float)
    return 1 - far, far


def half_pixel_subtracted__in_weights(position, low, upper):
    """The fractions are half a pixel off; y and x are index coordinates, and cell 3's value stands at 3."""
    far = (position - low - 0.5) % 1
    return 1 - far, far


# ------------------------------------------------------------------ where the points lie
def half_pixel_subtracted(position):
    """Half a pixel was subtracted; y and x are index coordinates, the half pixel is RoIAlign's alone."""
    return position - 0.5


def half_pixel_added(position):
    """Half a pixel was added; y and x are index coordinates, the half pixel is RoIAlign's alone."""
    return position + 0.5


def y_and_x_swapped(y, x):
    """y and x are in each other's place: which of them counts the rows, and which axis of the map is that?"""
    return x, y


def y_and_x_swapped__column_first(features, row, column):
    """The map was indexed column first; which of its axes counts the rows?"""
    return features[:, column, row]


def height_and_width_swapped(features):
    """Height and width of the map are swapped: in which order does the shape (C, H, W) name them?"""
    return features.shape[2], features.shape[1]


def normalised_by_size(position, length):
    """Coordinates were normalised with n and brought back with n − 1 (or the like): the two must match."""
    return position * (length - 1) / length


def normalised_by_size__in_the_sampler(position, length):
    """Coordinates were normalised with n and brought back with n − 1 (or the like): the two must match."""
    return _cells(position * (length - 1) / length, length)


def points_changed_in_place(y, x, H, W):
    """The caller's arrays of points were clamped in place; the arguments are the caller's, so copy them."""
    kept = np.array(y, float), np.array(x, float)
    for points, length in ((y, H), (x, W)):
        if isinstance(points, np.ndarray):
            points[...] = np.clip(points, 0, length - 1)
    return kept


# ------------------------------------------------------------------ the two neighbours on one axis
def ceil_for_second_neighbour(position, length):
    """The second neighbour is the ceiling. What is that at a whole coordinate, and what are the weights?"""
    position = clamped(position, length)
    high = np.ceil(position)
    return position, np.floor(position), high, high


def ceil_guarded_at_lattice(features, y, x):
    """Whole coordinates are handled where both are; with the ceiling, one is enough to make all weights 0."""
    H, W = sizes(features)
    rows, columns = ceil_for_second_neighbour(y, H), ceil_for_second_neighbour(x, W)
    on_a_cell = (rows[1] == rows[2]) & (columns[1] == columns[2])
    here = features[:, rows[1].astype(int), columns[1].astype(int)]
    return np.where(on_a_cell, here, _blended(features, rows, columns))


def nearest_if_either_is_whole(features, y, x):
    """With one whole coordinate the other was rounded off, too; on a line between two cells both count."""
    rows, columns = (cells(points, length) for points, length in zip((y, x), sizes(features), strict=True))
    either = (rows[0] == rows[1]) | (columns[0] == columns[1])
    here = features[:, rows[1].astype(int), columns[1].astype(int)]
    return np.where(either, here, _blended(features, rows, columns))


def rounded_first_neighbour(position, length):
    """The first neighbour was rounded to the nearest cell; it is the cell *before* the point."""
    return _first_is(np.round(clamped(position, length)), position, length)


def rounded_first_neighbour__up(position, length):
    """The first neighbour was rounded to the nearest cell, halves up; it is the cell *before* the point."""
    return _first_is(np.floor(clamped(position, length) + 0.5), position, length)


def _first_is(low, position, length):
    return clamped(position, length), low, np.minimum(low + 1, length - 1), low + 1


# ------------------------------------------------------------------ beyond the border
def clipped_then_weighted(position, length):
    """The weights were taken from clipped neighbours. What are they where both neighbours are one cell?"""
    low, high = np.clip(np.floor(position), 0, length - 1), np.clip(np.floor(position) + 1, 0, length - 1)
    return position, low, high, high


def int_for_floor(position, length):
    """`int` cuts toward 0: between −1 and 0 one weight is over 1 and one negative. Clamp the point first."""
    low = np.trunc(position)
    return position, low, np.minimum(low + 1, length - 1), low + 1


def negative_index_wraps(position, length):
    """The position was not clamped: before the first cell the index is −1, NumPy's name for the last."""
    return position


def wraps_around(position, length):
    """The map was continued from its other side, as if it were periodic; RoIAlign's rule clamps."""
    position = position % length
    low = np.floor(position)
    return position, low, (low + 1) % length, low + 1


def half_pixel_subtracted__in_neighbours(position, length):
    """The neighbours are those of a point half a pixel away; y and x are index coordinates."""
    return np.clip(position - 0.5, 0, length - 1)


def folded(position, length):
    """A point beyond the border was folded back into the map; RoIAlign's rule clamps it to the last cell."""
    return np.where(position > length - 1, 2 * (length - 1) - position, np.abs(position))


def neighbours_not_clamped(position, length):
    """Neither the position nor its neighbours were clamped: an index may be −1, or past the last cell."""
    low = np.floor(position)
    return position, low, low + 1, low + 1


def second_neighbour_past_the_end(position, length):
    """The last cell has no next one: the second neighbour leaves the map there."""
    position = clamped(position, length)
    low = np.floor(position)
    return position, low, low + 1, low + 1


def neighbours_not_clamped__fraction(position, length):
    """The cells were clipped and the fraction was not; clamp the position first, and both follow from it."""
    low = np.floor(position)
    first = np.clip(low, 0, length - 1)
    return first + position - low, first, np.clip(low + 1, 0, length - 1), first + 1


def substitute_top_left(features, y, x):
    """Neighbours beyond the border were replaced by top_left; once the point is clamped, none is missing."""
    H, W = sizes(features)
    y, x = np.maximum(y, 0), np.maximum(x, 0)
    top, left = np.floor(y), np.floor(x)
    last_row, last_column = top >= H - 1, left >= W - 1
    top, left = np.minimum(top, H - 1), np.minimum(left, W - 1)
    bottom, right = np.minimum(top + 1, H - 1), np.minimum(left + 1, W - 1)
    corners = _corners(features, top, left, bottom, right)
    missing = (False, last_column, last_row, last_row | last_column)
    weights = four_weights(*shares(y, top, top + 1), *shares(x, left, left + 1))
    corners = [np.where(gone, corners[0], corner) for gone, corner in zip(missing, corners, strict=True)]
    return sum(weight * corner for weight, corner in zip(weights, corners, strict=True))


def zero_padding(features, y, x):
    """The map was continued with zeros; a point up to one cell outside has the border's value in full."""
    return blended(np.pad(features, ((0, 0), (1, 1), (1, 1))), y + 1, x + 1)


def clamped_everywhere(y, x, H, W):
    """Every point was clamped, however far away; the rule has a line beyond which a point counts 0."""
    return np.zeros(y.shape, bool)


def zero_at_once(y, x, H, W):
    """Every point beyond the outermost cells was set to 0; the rule has a margin of one cell before that."""
    return (y < 0) | (y > H - 1) | (x < 0) | (x > W - 1)


def zero_before_the_first_cell(y, x, H, W):
    """Points before the first row or column were set to 0; the margin of one cell is on all four sides."""
    return (y < 0) | (y > H) | (x < 0) | (x > W)


def x_tested_against_height(y, x, H, W):
    """x was tested against the map's height; on a map that is not square that is another line."""
    return (y < -1) | (y > H) | (x < -1) | (x > H)


# ------------------------------------------------------------------ channels and numbers
def channels_mixed(features):
    """The channels were averaged; each channel is a map of its own and has a value of its own."""
    return np.broadcast_to(features.mean(axis=0), features.shape)


def integer_result(values, dtype):
    """The values were cut to whole numbers: look for an `int`, or for an array of integers."""
    return values.astype(int)


def always_float64(values, dtype):
    """The result is float64 even where the features are float32; asked for is the dtype of `features`."""
    return values.astype(np.float64)


MISCONCEPTIONS = {
    "four_weights": (
        opposite_corners, x_weights_swapped, y_weights_swapped, column_order, added_not_multiplied,
        added_not_multiplied__not_divided,
    ),
    "shares": (
        nearest, nearest__halves_to_even, nearest__halves_down, top_left_only,
        half_pixel_subtracted__in_weights,
    ),
    "moved": (half_pixel_subtracted, half_pixel_added),
    "order": (y_and_x_swapped,),
    "sizes": (height_and_width_swapped,),
    "scaled": (normalised_by_size,),
    "own": (points_changed_in_place,),
    "cells": (
        ceil_for_second_neighbour, rounded_first_neighbour, rounded_first_neighbour__up,
        clipped_then_weighted, int_for_floor, wraps_around, neighbours_not_clamped,
        neighbours_not_clamped__fraction, second_neighbour_past_the_end, normalised_by_size__in_the_sampler,
    ),
    "clamped": (negative_index_wraps, folded, half_pixel_subtracted__in_neighbours),
    "blended": (ceil_guarded_at_lattice, nearest_if_either_is_whole),
    "sampled": (substitute_top_left, zero_padding),
    "outside": (clamped_everywhere, zero_at_once, zero_before_the_first_cell, x_tested_against_height),
    "maps": (channels_mixed,),
    "picked": (y_and_x_swapped__column_first,),
    "finished": (integer_result, always_float64),
}  # fmt: skip

#: Of this interpolation the field has one.
OTHER_CONVENTIONS = {}

SECTIONS = {
    **dict.fromkeys(("moved", "order", "scaled"), "One point in one picture"),
    **dict.fromkeys(("four_weights", "shares"), "Step 1. The four weights"),
    **dict.fromkeys(("cells", "clamped"), "Step 2. The two neighbours on one axis"),
    **dict.fromkeys(("sizes", "maps", "picked", "blended"), "Step 3. Interpolate inside the map"),
    "finished": "Step 3. Interpolate inside the map",
    **dict.fromkeys(("sampled", "outside"), "Step 4. The border rule"),
    "own": "Step 5. Many points at once",
}
