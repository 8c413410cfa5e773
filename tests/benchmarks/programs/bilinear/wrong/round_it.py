# faults: nearest
# style: fancy indexing with rounded coordinates
# rest: right/notebook.py
import numpy as np


def bilinear_interpolate(features, y, x):
    C, H, W = features.shape
    y, x = np.broadcast_arrays(y, x)
    rows = np.clip(np.rint(y), 0, H - 1).astype(int)
    cols = np.clip(np.rint(x), 0, W - 1).astype(int)
    out = features[:, rows, cols]
    out[:, (y < -1) | (y > H) | (x < -1) | (x > W)] = 0
    return out
