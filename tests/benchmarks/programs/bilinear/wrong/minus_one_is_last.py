# faults: negative_index_wraps
# style: vectorized, only the far end is guarded
# rest: right/flat_gather.py
import numpy as np


def bilinear_interpolate(features, y, x):
    _, H, W = features.shape
    y, x = np.asarray(y, float), np.asarray(x, float)
    y0 = np.minimum(np.floor(y).astype(int), H - 1)
    x0 = np.minimum(np.floor(x).astype(int), W - 1)
    y1 = np.minimum(y0 + 1, H - 1)
    x1 = np.minimum(x0 + 1, W - 1)
    ok = (y >= -1) & (y <= H) & (x >= -1) & (x <= W)
    y0, y1 = np.where(ok, y0, 0), np.where(ok, y1, 0)
    x0, x1 = np.where(ok, x0, 0), np.where(ok, x1, 0)
    fy, fx = y - y0, x - x0
    a = features[:, y0, x0] * (1 - fx) + features[:, y0, x1] * fx
    b = features[:, y1, x0] * (1 - fx) + features[:, y1, x1] * fx
    return np.where(ok, a * (1 - fy) + b * fy, 0).astype(features.dtype)
