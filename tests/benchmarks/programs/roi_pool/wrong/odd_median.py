# faults: none
# style: the median of the bin
# rest: right/by_the_notebook.py
import numpy as np


def pool_bins(feature_map, rows, columns):
    C, H, W = feature_map.shape
    out = np.zeros((C, len(rows), len(columns)), dtype=feature_map.dtype)
    for i, (y1, y2) in enumerate(rows):
        for j, (x1, x2) in enumerate(columns):
            cells = feature_map[:, max(y1, 0) : max(y2, 0), max(x1, 0) : max(x2, 0)]
            if cells.size:
                out[:, i, j] = np.median(cells.reshape(C, -1), axis=1)
    return out
