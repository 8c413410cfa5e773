# faults: opposite_corners
# style: einsum of two pairs of weights, steps not reused
# rest: right/einsum.py
import numpy as np


def bilinear_interpolate(features, y, x):
    C, H, W = features.shape
    y, x = np.broadcast_arrays(np.asarray(y, float), np.asarray(x, float))
    yc, xc = np.clip(y, 0, H - 1).ravel(), np.clip(x, 0, W - 1).ravel()
    i0, j0 = yc.astype(int), xc.astype(int)
    rows = np.array([i0, np.minimum(i0 + 1, H - 1)])
    cols = np.array([j0, np.minimum(j0 + 1, W - 1)])
    wy = np.array([yc - i0, 1 - (yc - i0)])
    wx = np.array([xc - j0, 1 - (xc - j0)])
    corners = features[:, rows[:, None], cols[None]]
    out = np.einsum("cabn,an,bn->cn", corners, wy, wx).reshape((C,) + y.shape)
    out[:, (y < -1) | (y > H) | (x < -1) | (x > W)] = 0
    return out.astype(features.dtype)
