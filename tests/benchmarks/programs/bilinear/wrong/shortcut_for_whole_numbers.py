# faults: nearest_if_either_is_whole
# style: loops, early return "no need to interpolate"
# rest: right/loops.py
import numpy as np


def sample(plane, y, x):
    H, W = plane.shape
    if y < -1 or y > H or x < -1 or x > W:
        return 0.0
    y, x = min(max(y, 0.0), H - 1.0), min(max(x, 0.0), W - 1.0)
    if y == int(y) or x == int(x):
        return plane[int(y), int(x)]
    y0, x0 = int(y), int(x)
    dy, dx = y - y0, x - x0
    top = plane[y0, x0] * (1 - dx) + plane[y0, x0 + 1] * dx
    bottom = plane[y0 + 1, x0] * (1 - dx) + plane[y0 + 1, x0 + 1] * dx
    return top * (1 - dy) + bottom * dy


def bilinear_interpolate(features, y, x):
    y, x = np.broadcast_arrays(y, x)
    flat = [[sample(plane, b, a) for b, a in zip(y.ravel(), x.ravel())] for plane in features]
    return np.array(flat).reshape(len(features), *y.shape).astype(features.dtype)
