# faults: ceil_for_second_neighbour
# style: one scalar function for a point, loops around it
# rest: right/loops.py
from math import ceil, floor

import numpy as np


def interpolate_point(img, y, x):
    H, W = img.shape
    if y < -1 or y > H or x < -1 or x > W:
        return 0
    y, x = min(max(y, 0), H - 1), min(max(x, 0), W - 1)
    x_l, x_h = floor(x), ceil(x)
    y_l, y_h = floor(y), ceil(y)
    a, b = img[y_l, x_l], img[y_l, x_h]
    c, d = img[y_h, x_l], img[y_h, x_h]
    return (
        a * (x_h - x) * (y_h - y)
        + b * (x - x_l) * (y_h - y)
        + c * (x_h - x) * (y - y_l)
        + d * (x - x_l) * (y - y_l)
    )


def bilinear_interpolate(features, y, x):
    ys, xs = np.broadcast_arrays(y, x)
    out = [[interpolate_point(channel, p, q) for p, q in zip(ys.flat, xs.flat)] for channel in features]
    return np.array(out, dtype=features.dtype).reshape((len(features),) + ys.shape)
