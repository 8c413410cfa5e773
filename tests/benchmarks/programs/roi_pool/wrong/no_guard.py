# faults: empty_bin_crashes
# style: no guard around max
# rest: right/by_the_notebook.py
import numpy as np


def pool_bins(feature_map, rows, columns):
    C, H, W = feature_map.shape
    out = np.zeros((C, len(rows), len(columns)), dtype=feature_map.dtype)
    for i, (y1, y2) in enumerate(rows):
        for j, (x1, x2) in enumerate(columns):
            y1, y2 = max(y1, 0), max(y2, 0)
            x1, x2 = max(x1, 0), max(x2, 0)
            out[:, i, j] = feature_map[:, y1:y2, x1:x2].max(axis=(1, 2))
    return out
