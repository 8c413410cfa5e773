# faults: nearest_cell
# style: rounded grid with np.ix_
# rest: right/notebook.py
import numpy as np


def sample_bins(feature_map, y, x, mode):
    C, H, W = feature_map.shape
    (PH, ny), (PW, nx) = y.shape, x.shape
    if ny == 0 or nx == 0:
        return np.zeros((C, PH, PW), feature_map.dtype)
    y, x = y.ravel(), x.ravel()
    rows = np.clip(np.round(y), 0, H - 1).astype(int)
    cols = np.clip(np.round(x), 0, W - 1).astype(int)
    picked = feature_map[:, rows][:, :, cols] * np.outer((y >= -1) & (y <= H), (x >= -1) & (x <= W))
    picked = picked.reshape(C, PH, ny, PW, nx)
    out = picked.mean(axis=(2, 4)) if mode == "avg" else picked.max(axis=(2, 4))
    return out.astype(feature_map.dtype)
