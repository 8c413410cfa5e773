"""The right solution in small steps, for `misconceptions.py` to put other versions in place of each.

Executed before it, in the same namespace: the steps find each other by their names.
"""

import numpy as np


def bilinear_weights(y, x):
    y, x = order(np.asarray(y, float), np.asarray(x, float))
    y, top, _, below = cells(moved(y), np.inf)  # inside the map: no end matters
    x, left, _, beside = cells(moved(x), np.inf)
    return four_weights(*shares(y, top, below), *shares(x, left, beside))


def neighbours(position, length):
    position, low, high, _ = cells(moved(np.asarray(position, float)), length)
    return low.astype(int), high.astype(int), position - low


def bilinear_interpolate(features, y, x):
    H, W = sizes(features)
    y, x = order(*own(y, x, H, W))
    y, x = np.broadcast_arrays(moved(scaled(y, H)), moved(scaled(x, W)))
    is_outside = outside(y, x, H, W)
    values = sampled(maps(features), np.where(is_outside, 0, y), np.where(is_outside, 0, x))
    return finished(np.where(is_outside, 0, values), features.dtype)


def own(y, x, H, W):
    return np.array(y, float), np.array(x, float)


def order(y, x):
    return y, x


def sizes(features):
    return features.shape[1:]


def maps(features):
    return features


def scaled(position, length):
    return position


def moved(position):
    return position


def outside(y, x, H, W):
    return (y < -1) | (y > H) | (x < -1) | (x > W)


def clamped(position, length):
    return np.clip(position, 0, length - 1)


def cells(position, length):
    """The position as it is weighed, the cells read, and the end that `low`'s share is measured from."""
    position = clamped(position, length)
    low = np.floor(position)
    return position, low, np.minimum(low + 1, length - 1), low + 1


def shares(position, low, upper):
    """The shares of the two neighbours on one axis."""
    return upper - position, position - low


def four_weights(near_y, far_y, near_x, far_x):
    return np.array([near_y * near_x, near_y * far_x, far_y * near_x, far_y * far_x])


def sampled(features, y, x):
    return blended(features, y, x)


def blended(features, y, x):
    H, W = sizes(features)
    return _blended(features, cells(y, H), cells(x, W))


def picked(features, row, column):
    return features[:, row, column]


def finished(values, dtype):
    return values.astype(dtype)


def _blended(features, rows, columns):
    y, top, bottom, below = rows
    x, left, right, beside = columns
    weights = four_weights(*shares(y, top, below), *shares(x, left, beside))
    corners = _corners(features, top, left, bottom, right)
    return sum(weight * corner for weight, corner in zip(weights, corners, strict=True))


def _corners(features, top, left, bottom, right):
    top, left, bottom, right = (index.astype(int) for index in (top, left, bottom, right))
    pairs = ((top, left), (top, right), (bottom, left), (bottom, right))
    return [picked(features, row, column) for row, column in pairs]
