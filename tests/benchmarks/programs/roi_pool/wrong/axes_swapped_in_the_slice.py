# faults: x_and_y_swapped
# style: pool_bins indexes [x, y]
# rest: right/slices.py
import numpy as np


def pool_bins(feature_map, rows, columns):
    C = feature_map.shape[0]
    out = np.zeros((C, len(rows), len(columns)), dtype=feature_map.dtype)
    for i, (y1, y2) in enumerate(rows):
        for j, (x1, x2) in enumerate(columns):
            window = feature_map[:, max(x1, 0) : max(x2, 0), max(y1, 0) : max(y2, 0)]
            if window.size != 0:
                out[:, i, j] = window.max(axis=(1, 2))
    return out
