# faults: wraps_around
# style: indices modulo the size
# rest: right/notebook.py
import numpy as np


def bilinear_interpolate(features, y, x):
    H, W = features.shape[-2:]
    y, x = np.asarray(y, dtype=float), np.asarray(x, dtype=float)
    i, j = np.floor(y).astype(int), np.floor(x).astype(int)
    w = bilinear_weights(y, x)
    value = 0
    for k, (di, dj) in enumerate([(0, 0), (0, 1), (1, 0), (1, 1)]):
        value = value + w[k] * features[:, (i + di) % H, (j + dj) % W]
    value = np.where((y < -1) | (y > H) | (x < -1) | (x > W), 0, value)
    return value.astype(features.dtype)
