# faults: zero_at_once
# style: early return when a coordinate has left the map
# rest: right/loops.py
import numpy as np


def bilinear_interpolate(features, y, x):
    C, H, W = features.shape
    ys, xs = np.broadcast_arrays(y, x)
    out = np.zeros((C,) + ys.shape, dtype=features.dtype)
    for idx in np.ndindex(ys.shape):
        yy, xx = ys[idx], xs[idx]
        if yy < 0 or yy > H - 1 or xx < 0 or xx > W - 1:
            continue
        i, j = int(yy), int(xx)
        k, m = min(i + 1, H - 1), min(j + 1, W - 1)
        dy, dx = yy - i, xx - j
        out[(slice(None),) + idx] = (
            features[:, i, j] * (1 - dy) * (1 - dx)
            + features[:, k, j] * dy * (1 - dx)
            + features[:, i, m] * (1 - dy) * dx
            + features[:, k, m] * dy * dx
        )
    return out
