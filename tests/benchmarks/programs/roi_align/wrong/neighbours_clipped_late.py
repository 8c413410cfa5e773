# faults: weights_after_the_clip
# style: own interpolation: floor, +1, clip, weights
# rest: right/notebook.py
import numpy as np


def bilinear_interpolate(features, y, x):
    H, W = features.shape[1:]
    y, x = np.broadcast_arrays(np.asarray(y, float), np.asarray(x, float))
    y1, x1 = np.floor(y).astype(int), np.floor(x).astype(int)
    y2, x2 = y1 + 1, x1 + 1
    y1, y2 = np.clip(y1, 0, H - 1), np.clip(y2, 0, H - 1)
    x1, x2 = np.clip(x1, 0, W - 1), np.clip(x2, 0, W - 1)
    r1 = (x2 - x) * features[:, y1, x1] + (x - x1) * features[:, y1, x2]
    r2 = (x2 - x) * features[:, y2, x1] + (x - x1) * features[:, y2, x2]
    return ((y2 - y) * r1 + (y - y1) * r2).astype(features.dtype)
