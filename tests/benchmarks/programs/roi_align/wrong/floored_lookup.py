# faults: floored_cell
# style: a lookup in place of the given interpolation
# rest: right/notebook.py
import numpy as np


def bilinear_interpolate(features, y, x):
    H, W = features.shape[1:]
    y, x = np.broadcast_arrays(np.asarray(y, dtype=float), np.asarray(x, dtype=float))
    cells = features[:, np.clip(y, 0, H - 1).astype(int), np.clip(x, 0, W - 1).astype(int)]
    return np.where((y < -1) | (y > H) | (x < -1) | (x > W), 0, cells).astype(features.dtype)
