# faults: nearest_cell + clamped_everywhere
# style: rounded and clipped indices, broadcasting
# rest: right/notebook.py
import numpy as np


def bilinear_interpolate(features, y, x):
    H, W = features.shape[1:]
    row = np.clip(np.rint(np.asarray(y, dtype=float)), 0, H - 1).astype(int)
    column = np.clip(np.rint(np.asarray(x, dtype=float)), 0, W - 1).astype(int)
    return features[:, row, column]
