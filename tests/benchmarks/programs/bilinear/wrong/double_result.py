# faults: always_float64
# style: np.zeros without a dtype
# rest: right/notebook.py
import numpy as np


def bilinear_interpolate(features, y, x):
    C, H, W = features.shape
    y, x = np.broadcast_arrays(y, x)
    y0, y1, fy = neighbours(y, H)
    x0, x1, fx = neighbours(x, W)
    weights = bilinear_weights(fy, fx)
    result = np.zeros((C,) + y.shape)
    for c in range(C):
        result[c] += weights[0] * features[c][y0, x0]
        result[c] += weights[1] * features[c][y0, x1]
        result[c] += weights[2] * features[c][y1, x0]
        result[c] += weights[3] * features[c][y1, x1]
        result[c][(y < -1) | (y > H) | (x < -1) | (x > W)] = 0
    return result
