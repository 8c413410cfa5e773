# faults: y_and_x_swapped
# style: a helper f(x, y), called with the wrong order
# rest: right/notebook.py
import numpy as np


def f(features, x, y):
    H, W = features.shape[1:]
    y0, y1, b = neighbours(y, H)
    x0, x1, a = neighbours(x, W)
    q11, q21 = features[:, y0, x0], features[:, y0, x1]
    q12, q22 = features[:, y1, x0], features[:, y1, x1]
    value = (q11 * (1 - a) + q21 * a) * (1 - b) + (q12 * (1 - a) + q22 * a) * b
    return value * ((y >= -1) & (y <= H) & (x >= -1) & (x <= W))


def bilinear_interpolate(features, y, x):
    return f(features, np.asarray(y), np.asarray(x)).astype(features.dtype)
