# faults: ceil_for_second_neighbour
# style: the school book's formula with floor and ceil, point by point
# rest: right/loops.py
import math

import numpy as np


def bilinear_interpolate(features, y, x):
    C, H, W = features.shape
    Y, X = np.broadcast_arrays(y, x)
    out = np.zeros((C,) + Y.shape, dtype=features.dtype)
    for idx in np.ndindex(Y.shape):
        py, px = Y[idx], X[idx]
        if py < -1 or py > H or px < -1 or px > W:
            continue
        py = min(max(py, 0), H - 1)
        px = min(max(px, 0), W - 1)
        y1, y2 = math.floor(py), math.ceil(py)
        x1, x2 = math.floor(px), math.ceil(px)
        q11 = features[:, y1, x1]
        q21 = features[:, y1, x2]
        q12 = features[:, y2, x1]
        q22 = features[:, y2, x2]
        value = (
            q11 * (x2 - px) * (y2 - py)
            + q21 * (px - x1) * (y2 - py)
            + q12 * (x2 - px) * (py - y1)
            + q22 * (px - x1) * (py - y1)
        )
        out[(slice(None),) + idx] = value
    return out
