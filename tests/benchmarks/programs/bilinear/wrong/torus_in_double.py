# faults: wraps_around + always_float64
# style: np.take with mode="wrap"
# rest: right/flat_gather.py
import numpy as np


def bilinear_interpolate(features, y, x):
    C, H, W = features.shape
    y, x = np.broadcast_arrays(np.asarray(y, dtype="float64"), np.asarray(x, dtype="float64"))
    i, j = np.floor(y).astype(int), np.floor(x).astype(int)
    maps = features.astype("float64")

    def corner(di, dj):
        rows = np.take(np.arange(H), i + di, mode="wrap")
        columns = np.take(np.arange(W), j + dj, mode="wrap")
        return maps[:, rows, columns]

    wa, wb, wc, wd = bilinear_weights(y, x)
    out = wa * corner(0, 0) + wb * corner(0, 1) + wc * corner(1, 0) + wd * corner(1, 1)
    out *= (y >= -1) & (y <= H) & (x >= -1) & (x <= W)
    return out
