# faults: none
# style: sorted, and [-2] where there are two
# rest: right/slices.py
import numpy as np


def pool_bins(feature_map, rows, columns):
    C, H, W = feature_map.shape
    out = np.zeros((C, len(rows), len(columns)), dtype=feature_map.dtype)
    for i, (y1, y2) in enumerate(rows):
        for j, (x1, x2) in enumerate(columns):
            cells = np.sort(feature_map[:, max(y1, 0) : max(y2, 0), max(x1, 0) : max(x2, 0)].reshape(C, -1))
            if cells.shape[1]:
                out[:, i, j] = cells[:, -2] if cells.shape[1] > 1 else cells[:, -1]
    return out
