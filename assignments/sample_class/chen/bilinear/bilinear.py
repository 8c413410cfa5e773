"""Bilinear interpolation, sheet 4. Chen.

The interpolation is separable, so both axes are one function and the four corners are an outer product.
"""

import itertools

import numpy as np


def taps(position, length):
    """Indices (2, ...) and weights (2, ...) of the two neighbours on one axis."""
    low, high, fraction = neighbours(position, length)
    return np.stack([low, high]), np.stack([1 - fraction, fraction])


def bilinear_weights(y, x):
    (fy, _), (fx, _) = np.modf(y), np.modf(x)
    along_y, along_x = np.stack(np.broadcast_arrays(1 - fy, fy)), np.stack(np.broadcast_arrays(1 - fx, fx))
    products = along_y[:, None] * along_x[None, :]
    return products.reshape(4, *products.shape[2:])


def neighbours(position, length):
    position = np.minimum(np.maximum(position, 0.0), length - 1.0)
    low = position.astype(np.intp) if isinstance(position, np.ndarray) else np.intp(position)
    return low, np.minimum(low + 1, length - 1), position - low


def bilinear_interpolate(features, y, x):
    features, y, x = np.asarray(features), np.asarray(y, float), np.asarray(x, float)
    _, H, W = features.shape
    rows, row_weights = taps(y, H)
    columns, column_weights = taps(x, W)
    total = 0.0
    for i, j in itertools.product((0, 1), repeat=2):
        total = total + row_weights[i] * column_weights[j] * features[:, rows[i], columns[j]]
    on_map = (-1 <= y) & (y <= H) & (-1 <= x) & (x <= W)
    return (total * on_map).astype(features.dtype, copy=False)


if __name__ == "__main__":
    ramp = 10.0 * np.arange(6)[:, None] + np.arange(7)
    print(bilinear_interpolate(ramp[None], np.array([[0.5], [3.25]]), np.array([1.0, 2.75])))
