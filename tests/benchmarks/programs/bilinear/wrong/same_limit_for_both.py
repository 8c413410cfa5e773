# faults: x_tested_against_height
# style: one mask in one line
# rest: right/lerp.py
import numpy as np


def bilinear_interpolate(features, y, x):
    n, m = features.shape[1:]
    y, x = np.asarray(y), np.asarray(x)
    r0, r1, ty = neighbours(y, n)
    c0, c1, tx = neighbours(x, m)
    upper = lerp(features[:, r0, c0], features[:, r0, c1], tx)
    lower = lerp(features[:, r1, c0], features[:, r1, c1], tx)
    mask = np.ones(np.broadcast(y, x).shape)
    for coordinate in (y, x):
        mask = mask * ((coordinate >= -1) & (coordinate <= n))
    return (lerp(upper, lower, ty) * mask).astype(features.dtype)
