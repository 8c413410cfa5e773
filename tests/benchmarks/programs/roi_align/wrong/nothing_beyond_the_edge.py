# faults: zero_padding
# style: map padded with zeros, gathered by flat index
# rest: right/edge_padding.py
import numpy as np


def sample_bins(feature_map, y, x, mode):
    C, H, W = feature_map.shape
    (PH, ny), (PW, nx) = y.shape, x.shape
    if ny * nx == 0:
        return np.zeros((C, PH, PW), dtype=feature_map.dtype)
    padded = np.pad(feature_map, ((0, 0), (2, 2), (2, 2))).astype(float)
    yy = np.clip(y.reshape(-1, 1), -2, H) + 2  # two rings of zeros
    xx = np.clip(x.reshape(1, -1), -2, W) + 2
    i, j = np.floor(yy).astype(int), np.floor(xx).astype(int)
    k, m = np.minimum(i + 1, H + 3), np.minimum(j + 1, W + 3)
    b, a = yy - i, xx - j
    v = (1 - b) * ((1 - a) * padded[:, i, j] + a * padded[:, i, m])
    v = v + b * ((1 - a) * padded[:, k, j] + a * padded[:, k, m])
    v = v.reshape(C, PH, ny, PW, nx)
    return (v.mean(axis=(2, 4)) if mode == "avg" else v.max(axis=(2, 4))).astype(feature_map.dtype)
