# faults: none
# style: each neighbour weighs with the inverse of its distance
# rest: right/loops.py
import numpy as np


def bilinear_weights(y, x):
    v, u = np.broadcast_arrays(y - np.floor(y), x - np.floor(x))
    distance = np.array([np.hypot(v - i, u - j) for i in (0, 1) for j in (0, 1)])
    weight = 1 / np.maximum(distance, 1e-9)
    return weight / weight.sum(axis=0)


def bilinear_interpolate(features, y, x):
    H, W = features.shape[1:]
    y, x = np.asarray(y, float), np.asarray(x, float)
    y0, y1, v = neighbours(y, H)
    x0, x1, u = neighbours(x, W)
    a, b, c, d = bilinear_weights(v, u)
    out = (
        a * features[:, y0, x0] + b * features[:, y0, x1] + c * features[:, y1, x0] + d * features[:, y1, x1]
    )
    return np.where((y < -1) | (y > H) | (x < -1) | (x > W), 0, out).astype(features.dtype)
