# faults: nearest
# style: plain Python, floor of a half more, no clamp of the neighbours needed
# rest: right/plain_lists.py
import math

import numpy as np


def pick(plane, y, x):
    if y < -1 or y > len(plane) or x < -1 or x > len(plane[0]):
        return 0.0
    row = min(max(math.floor(y + 0.5), 0), len(plane) - 1)
    column = min(max(math.floor(x + 0.5), 0), len(plane[0]) - 1)
    return plane[row][column]


def bilinear_interpolate(features, y, x):
    ys, xs = np.broadcast_arrays(y, x)
    points = list(zip(ys.ravel().tolist(), xs.ravel().tolist()))
    out = [[pick(plane, p, q) for p, q in points] for plane in features.tolist()]
    return np.array(out).astype(features.dtype).reshape(len(features), *ys.shape)
