# faults: negative_index_wraps + integer_result
# style: pixels of an image, loops
# rest: right/loops.py
import math

import numpy as np


def bilinear_interpolate(features, y, x):
    C, H, W = features.shape
    y, x = np.broadcast_arrays(y, x)
    image = np.zeros((C,) + y.shape, dtype=features.dtype)
    for where in np.ndindex(y.shape):
        v, u = y[where], x[where]
        if v < -1 or v > H or u < -1 or u > W:
            continue
        i, j = min(math.floor(v), H - 1), min(math.floor(u), W - 1)
        i_next, j_next = min(i + 1, H - 1), min(j + 1, W - 1)
        dv, du = v - i, u - j
        for c in range(C):
            above = features[c][i][j] * (1 - du) + features[c][i][j_next] * du
            below = features[c][i_next][j] * (1 - du) + features[c][i_next][j_next] * du
            image[(c,) + where] = int(above * (1 - dv) + below * dv)
    return image
