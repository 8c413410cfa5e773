# faults: one_cell_picked
# style: the bin's first cell stands for the bin
# rest: right/masks.py
import numpy as np


def pool_bins(feature_map, rows, columns):
    C, H, W = feature_map.shape
    out = np.zeros((C, len(rows), len(columns)), dtype=feature_map.dtype)
    for i, (top, bottom) in enumerate(rows):
        for j, (left, right) in enumerate(columns):
            cells = feature_map[:, max(top, 0) : max(bottom, 0), max(left, 0) : max(right, 0)]
            if cells.size:
                out[:, i, j] = cells[:, 0, 0]
    return out
