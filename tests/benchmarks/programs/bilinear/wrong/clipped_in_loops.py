# faults: clipped_then_weighted
# style: loops over points and channels, max and min of each neighbour
# rest: right/loops.py
import math

import numpy as np


def bilinear_interpolate(features, y, x):
    C, H, W = features.shape
    Y, X = np.broadcast_arrays(y, x)
    result = np.zeros((C,) + Y.shape, features.dtype)
    for idx, py in np.ndenumerate(Y):
        px = X[idx]
        if -1 <= py <= H and -1 <= px <= W:
            x1 = max(min(math.floor(px), W - 1), 0)
            x2 = max(min(math.floor(px) + 1, W - 1), 0)
            y1 = max(min(math.floor(py), H - 1), 0)
            y2 = max(min(math.floor(py) + 1, H - 1), 0)
            for c in range(C):
                r1 = (x2 - px) * features[c][y1][x1] + (px - x1) * features[c][y1][x2]
                r2 = (x2 - px) * features[c][y2][x1] + (px - x1) * features[c][y2][x2]
                result[(c,) + idx] = (y2 - py) * r1 + (py - y1) * r2
    return result
