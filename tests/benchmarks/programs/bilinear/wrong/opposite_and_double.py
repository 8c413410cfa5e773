# faults: opposite_corners + always_float64
# style: inverse areas, one array of four
# rest: right/loops.py
import numpy as np


def bilinear_weights(y, x):
    fy, fx = y % 1, x % 1
    return np.array([fy * fx, fy * (1 - fx), (1 - fy) * fx, (1 - fy) * (1 - fx)])


def bilinear_interpolate(features, y, x):
    channels, H, W = features.shape
    y, x = np.broadcast_arrays(np.array(y, dtype=float), np.array(x, dtype=float))
    y0, y1, fy = neighbours(y, H)
    x0, x1, fx = neighbours(x, W)
    four = np.array([features[:, y0, x0], features[:, y0, x1], features[:, y1, x0], features[:, y1, x1]])
    total = (bilinear_weights(fy, fx)[:, None] * four.astype(float)).sum(axis=0)
    total[:, ~((y >= -1) & (y <= H) & (x >= -1) & (x <= W))] = 0
    return total
