"""Wrong solutions that people really write. Each one runs; its docstring is the sentence for its author.

A function here has the signature of the function it replaces; ``MISCONCEPTIONS`` says which one that is.
A wrong submission is the solution with this one function put in the other's place.
"""

import numpy as np


# ------------------------------------------------------------------ in place of bilinear_weights(y, x)
def opposite_corners(y, x):
    """Each weight went to the opposite corner.

    The nearer neighbour weighs more: top_left gets (1 − frac_y)(1 − frac_x), bottom_right frac_y · frac_x.
    """
    return _weights(y, x)[::-1]


def x_weights_swapped(y, x):
    """The weights along x are swapped: with frac_x near 0 the point is near its *left* neighbours."""
    return _weights(y, x)[[1, 0, 3, 2]]


def column_order(y, x):
    """The weights stand in column order; asked are top_left, top_right, bottom_left, bottom_right."""
    return _weights(y, x)[[0, 2, 1, 3]]


def added_not_multiplied(y, x):
    """The two fractions were added; a weight is the area of a rectangle, so they are multiplied."""
    frac_y, frac_x = _fractions(y, x)
    sums = np.stack([2 - frac_y - frac_x, 1 - frac_y + frac_x, 1 + frac_y - frac_x, frac_y + frac_x])
    return sums / sums.sum(axis=0)


def nearest(y, x):
    """The nearest neighbour got all the weight; bilinear interpolation mixes all four."""
    frac_y, frac_x = _fractions(y, x)
    bottom, right = frac_y >= 0.5, frac_x >= 0.5
    return np.stack([~bottom & ~right, ~bottom & right, bottom & ~right, bottom & right]).astype(float)


def half_pixel_in_weights(y, x):
    """Half a pixel was subtracted; y and x are index coordinates, the half pixel is RoIAlign's alone."""
    return _weights(np.asarray(y) - 0.5, np.asarray(x) - 0.5)


# ----------------------------------------------------------- in place of bilinear_interpolate(features, y, x)
def half_pixel_subtracted(features, y, x):
    """Half a pixel was subtracted; y and x are index coordinates, the half pixel is RoIAlign's alone."""
    return _interpolate(features, np.asarray(y) - 0.5, np.asarray(x) - 0.5)


def y_and_x_swapped(features, y, x):
    """y and x are swapped: y counts rows, the last but one axis, and x counts columns, the last axis."""
    return _interpolate(np.swapaxes(features, 1, 2), y, x)


def ceil_for_second_neighbour(features, y, x):
    """The second neighbour is floor + 1, not ceil.

    At a whole coordinate ceil gives the first neighbour again, and then all weights are 0.
    """
    y, x = _clamped(features, y, x)
    return _mixed(features, y, x, np.floor(y), np.floor(x), np.ceil(y), np.ceil(x))


def clipped_then_weighted(features, y, x):
    """The neighbours were clipped to the map and the weights taken from the clipped ones.

    On the last row and column both neighbours are then the same cell and all weights are 0. Clamp the point
    itself, before its neighbours and fractions are taken.
    """
    H, W = features.shape[1:]
    y, x = _points(y, x)
    top, bottom = np.clip(np.floor(y), 0, H - 1), np.clip(np.floor(y) + 1, 0, H - 1)
    left, right = np.clip(np.floor(x), 0, W - 1), np.clip(np.floor(x) + 1, 0, W - 1)
    return _outside_is_zero(features, y, x, _mixed(features, y, x, top, left, bottom, right))


def int_for_floor(features, y, x):
    """int() cuts toward zero and the point was not clamped: between −1 and 0 a weight is negative."""
    H, W = features.shape[1:]
    y, x = _points(y, x)
    low_y, low_x = np.minimum(y, H - 1), np.minimum(x, W - 1)
    top, left = np.trunc(low_y), np.trunc(low_x)
    return _outside_is_zero(features, y, x, _mixed(features, low_y, low_x, top, left, top + 1, left + 1))


def negative_index_wraps(features, y, x):
    """To NumPy row −1 is the *last* row: a point between −1 and 0 was mixed with the far side of the map."""
    H, W = features.shape[1:]
    y, x = _points(y, x)
    low_y, low_x = np.minimum(y, H - 1), np.minimum(x, W - 1)
    return _outside_is_zero(features, y, x, _plain(features, low_y, low_x))


def zero_padding(features, y, x):
    """Beyond the outermost cells the map was continued with zeros.

    The border rule clamps a point that is at most one cell outside: it gets the border's value in full.
    """
    padded = np.pad(features, ((0, 0), (1, 1), (1, 1)))
    y, x = _points(y, x)
    return _outside_is_zero(features, y, x, _interpolate(padded, y + 1, x + 1))


def clamped_everywhere(features, y, x):
    """Every point was clamped to the map, however far away; a point outside [−1, H] or [−1, W] counts 0."""
    return _plain(features, *_clamped(features, y, x))


def zero_at_once(features, y, x):
    """Every point beyond the outermost cells was set to 0.

    The border rule has a margin of one cell: outside [−1, H] or [−1, W] is 0, any other point is clamped.
    """
    H, W = features.shape[1:]
    y, x = _points(y, x)
    beyond = (y < 0) | (y > H - 1) | (x < 0) | (x > W - 1)
    return np.where(beyond, 0, _interpolate(features, y, x)).astype(features.dtype)


def x_tested_against_height(features, y, x):
    """x was tested against the map's height; y lies in [−1, H], x in [−1, W]."""
    H, _ = features.shape[1:]
    y, x = _points(y, x)
    outside = (y < -1) | (y > H) | (x < -1) | (x > H)
    return np.where(outside, 0, _plain(features, *_clamped(features, y, x))).astype(features.dtype)


def channels_mixed(features, y, x):
    """The channels were averaged; each channel is a map of its own, and the result has one value for each."""
    mixed = np.mean(features, axis=0, keepdims=True, dtype=features.dtype)
    return np.repeat(_interpolate(mixed, y, x), features.shape[0], axis=0)


# ------------------------------------------------------------------ what they are built from
def _fractions(y, x):
    y, x = _points(y, x)
    return y - np.floor(y), x - np.floor(x)


def _weights(y, x):
    frac_y, frac_x = _fractions(y, x)
    near_y, near_x = 1 - frac_y, 1 - frac_x
    return np.stack([near_y * near_x, near_y * frac_x, frac_y * near_x, frac_y * frac_x])


def _points(y, x):
    return np.broadcast_arrays(np.asarray(y, dtype=float), np.asarray(x, dtype=float))


def _clamped(features, y, x):
    H, W = features.shape[1:]
    y, x = _points(y, x)
    return np.clip(y, 0, H - 1), np.clip(x, 0, W - 1)


def _mixed(features, y, x, top, left, bottom, right):
    """The textbook's formula for these neighbours; indices past the last row or column are cut back to it."""
    H, W = features.shape[1:]

    def cell(row, column):
        return features[:, np.minimum(row, H - 1).astype(int), np.minimum(column, W - 1).astype(int)]

    mixed = ((bottom - y) * (right - x) * cell(top, left) + (bottom - y) * (x - left) * cell(top, right)
             + (y - top) * (right - x) * cell(bottom, left) + (y - top) * (x - left) * cell(bottom, right))
    return mixed.astype(features.dtype)


def _plain(features, y, x):
    top, left = np.floor(y), np.floor(x)
    return _mixed(features, y, x, top, left, top + 1, left + 1)


def _outside_is_zero(features, y, x, values):
    H, W = features.shape[1:]
    return np.where((y < -1) | (y > H) | (x < -1) | (x > W), 0, values).astype(features.dtype)


def _interpolate(features, y, x):
    """The right solution."""
    y, x = _points(y, x)
    return _outside_is_zero(features, y, x, _plain(features, *_clamped(features, y, x)))


MISCONCEPTIONS = {
    "bilinear_weights": (
        opposite_corners,
        x_weights_swapped,
        column_order,
        added_not_multiplied,
        nearest,
        half_pixel_in_weights,
    ),
    "bilinear_interpolate": (
        half_pixel_subtracted,
        y_and_x_swapped,
        ceil_for_second_neighbour,
        clipped_then_weighted,
        int_for_floor,
        negative_index_wraps,
        zero_padding,
        clamped_everywhere,
        zero_at_once,
        x_tested_against_height,
        channels_mixed,
    ),
}
