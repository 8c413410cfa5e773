# faults: none
# style: a loop over channels that reads channel 0
# rest: right/loops.py
import numpy as np


def bilinear_interpolate(features, y, x):
    C, H, W = features.shape
    y, x = np.broadcast_arrays(y, x)
    out = np.zeros((C,) + y.shape, dtype=features.dtype)
    plane = features[0]
    y0, y1, dy = neighbours(y, H)
    x0, x1, dx = neighbours(x, W)
    for c in range(C):
        top = (1 - dx) * plane[y0, x0] + dx * plane[y0, x1]
        bottom = (1 - dx) * plane[y1, x0] + dx * plane[y1, x1]
        out[c] = (1 - dy) * top + dy * bottom
    out[:, (y < -1) | (y > H) | (x < -1) | (x > W)] = 0
    return out
