# faults: none
# style: beyond the border the line is continued
# rest: right/loops.py
import numpy as np


def bilinear_interpolate(features, y, x):
    C, H, W = features.shape
    y, x = np.broadcast_arrays(np.asarray(y, float), np.asarray(x, float))
    i = np.clip(np.floor(y), 0, max(H - 2, 0)).astype(int)
    j = np.clip(np.floor(x), 0, max(W - 2, 0)).astype(int)
    k, m = np.minimum(i + 1, H - 1), np.minimum(j + 1, W - 1)
    v, u = y - i, x - j
    upper = features[:, i, j] + u * (features[:, i, m] - features[:, i, j])
    lower = features[:, k, j] + u * (features[:, k, m] - features[:, k, j])
    out = upper + v * (lower - upper)
    out[:, (y < -1) | (y > H) | (x < -1) | (x > W)] = 0
    return out.astype(features.dtype)
