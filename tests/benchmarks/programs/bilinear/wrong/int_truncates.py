# faults: int_for_floor
# style: scalar code in loops, int() everywhere
# rest: right/loops.py
import numpy as np


def bilinear_interpolate(features, y, x):
    C, H, W = features.shape
    yy, xx = np.broadcast_arrays(y, x)
    res = np.zeros((C,) + yy.shape)
    for pos in np.ndindex(*yy.shape):
        a, b = yy[pos], xx[pos]
        if a < -1 or a > H or b < -1 or b > W:
            continue
        i, j = min(int(a), H - 1), min(int(b), W - 1)
        i2, j2 = min(i + 1, H - 1), min(j + 1, W - 1)
        p, q = a - i, b - j
        res[(slice(None),) + pos] = (
            (1 - p) * (1 - q) * features[:, i, j]
            + (1 - p) * q * features[:, i, j2]
            + p * (1 - q) * features[:, i2, j]
            + p * q * features[:, i2, j2]
        )
    return res.astype(features.dtype)
