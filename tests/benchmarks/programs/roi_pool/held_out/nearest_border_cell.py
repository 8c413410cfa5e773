# faults: none
# style: np.clip against the border until no index error is left
# rest: right/by_the_notebook.py
import numpy as np


def pool_bins(feature_map, rows, columns):
    C, H, W = feature_map.shape
    out = np.zeros((C, len(rows), len(columns)), dtype=feature_map.dtype)
    for i, (y1, y2) in enumerate(rows):
        for j, (x1, x2) in enumerate(columns):
            ys = np.clip(np.arange(y1, y2), 0, H - 1)
            xs = np.clip(np.arange(x1, x2), 0, W - 1)
            if len(ys) and len(xs):
                out[:, i, j] = feature_map[:, ys][:, :, xs].max(axis=2).max(axis=1)
    return out
