# faults: integer_result + always_float64 + clamped_everywhere
# style: an image resizer: whole grey values
# rest: right/loops.py
import numpy as np


def bilinear_interpolate(features, y, x):
    C, H, W = features.shape
    y, x = np.broadcast_arrays(y, x)
    grey = np.zeros((C,) + y.shape)
    for n in np.ndindex(y.shape):
        y0, y1, dy = neighbours(y[n], H)
        x0, x1, dx = neighbours(x[n], W)
        for c in range(C):
            a, b = float(features[c, y0, x0]), float(features[c, y0, x1])
            d, e = float(features[c, y1, x0]), float(features[c, y1, x1])
            grey[(c, *n)] = int(a * (1 - dx) * (1 - dy) + b * dx * (1 - dy) + d * (1 - dx) * dy + e * dx * dy)
    return grey
