# faults: folded
# style: np.pad with "reflect"
# rest: right/edge_padding.py
import numpy as np


def fold(index, n):
    """-1 becomes 1, n becomes n - 2."""
    if n == 1:
        return np.zeros_like(index)
    index = np.abs(index)
    return np.where(index > n - 1, 2 * (n - 1) - index, index)


def bilinear_interpolate(features, y, x):
    C, H, W = features.shape
    y, x = np.broadcast_arrays(np.asarray(y, float), np.asarray(x, float))
    out = np.zeros((C,) + y.shape, dtype=features.dtype)
    good = (y >= -1) & (y <= H) & (x >= -1) & (x <= W)
    y, x = y[good], x[good]
    i, j = np.floor(y).astype(int), np.floor(x).astype(int)
    w = bilinear_weights(y, x)
    out[:, good] = (
        w[0] * features[:, fold(i, H) % H, fold(j, W) % W]
        + w[1] * features[:, fold(i, H) % H, fold(j + 1, W) % W]
        + w[2] * features[:, fold(i + 1, H) % H, fold(j, W) % W]
        + w[3] * features[:, fold(i + 1, H) % H, fold(j + 1, W) % W]
    )
    return out
