# faults: y_and_x_swapped + clamped_everywhere
# style: thinks (x, y) throughout, forgot step 4
# rest: right/notebook.py
import numpy as np


def bilinear_interpolate(features, y, x):
    width, height = features.shape[1:]
    xa, xb, fx = neighbours(np.asarray(x), width)
    ya, yb, fy = neighbours(np.asarray(y), height)
    w = bilinear_weights(fx, fy)
    val = w[0] * features[:, xa, ya] + w[1] * features[:, xa, yb]
    val = val + w[2] * features[:, xb, ya] + w[3] * features[:, xb, yb]
    return val.astype(features.dtype)
