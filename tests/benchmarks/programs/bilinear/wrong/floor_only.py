# faults: top_left_only
# style: integer indexing of the clamped coordinates
# rest: right/notebook.py
import numpy as np


def bilinear_interpolate(features, y, x):
    _, H, W = features.shape
    y, x = np.broadcast_arrays(y, x)
    picked = features[:, np.clip(y, 0, H - 1).astype(int), np.clip(x, 0, W - 1).astype(int)]
    return np.where((y >= -1) & (y <= H) & (x >= -1) & (x <= W), picked, 0).astype(features.dtype)
