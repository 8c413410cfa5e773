# faults: half_pixel_subtracted
# style: vectorized, "a pixel's value is at its centre"
# rest: right/notebook.py
import numpy as np


def bilinear_interpolate(features, y, x):
    H, W = features.shape[1:]
    v = np.asarray(y) - 0.5
    u = np.asarray(x) - 0.5
    top, bottom, dv = neighbours(v, H)
    left, right, du = neighbours(u, W)
    upper = features[:, top, left] * (1 - du) + features[:, top, right] * du
    lower = features[:, bottom, left] * (1 - du) + features[:, bottom, right] * du
    value = upper * (1 - dv) + lower * dv
    visible = (v >= -1) & (v <= H) & (u >= -1) & (u <= W)
    return np.where(visible, value, 0).astype(features.dtype)
