# faults: zero_padding
# style: np.pad and one gather
# rest: right/edge_padding.py
import numpy as np


def bilinear_interpolate(features, y, x):
    C, H, W = features.shape
    padded = np.pad(features, ((0, 0), (1, 1), (1, 1)))
    y, x = np.broadcast_arrays(np.asarray(y, float), np.asarray(x, float))
    out = np.zeros((C,) + y.shape, features.dtype)
    near = (y > -1) & (y < H) & (x > -1) & (x < W)
    i, j = np.floor(y[near]).astype(int), np.floor(x[near]).astype(int)
    fy, fx = y[near] - i, x[near] - j
    i, j = i + 1, j + 1
    out[:, near] = (
        padded[:, i, j] * (1 - fy) * (1 - fx)
        + padded[:, i, j + 1] * (1 - fy) * fx
        + padded[:, i + 1, j] * fy * (1 - fx)
        + padded[:, i + 1, j + 1] * fy * fx
    )
    return out
