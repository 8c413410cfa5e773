# faults: clamped_everywhere
# style: axis by axis, step 4 left out
# rest: right/axis_by_axis.py
import numpy as np


def bilinear_interpolate(features, y, x):
    top, bottom, fy = neighbours(y, features.shape[1])
    left, right, fx = neighbours(x, features.shape[2])
    upper = features[:, top, left] * (1 - fx) + features[:, top, right] * fx
    lower = features[:, bottom, left] * (1 - fx) + features[:, bottom, right] * fx
    return np.asarray(upper * (1 - fy) + lower * fy, dtype=features.dtype)
