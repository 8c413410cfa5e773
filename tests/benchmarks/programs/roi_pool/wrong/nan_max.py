# faults: nan_skipped
# style: np.nanmax, to be safe
# rest: right/slices.py
import numpy as np


def pool_bins(feature_map, rows, columns):
    C, H, W = feature_map.shape
    out = np.zeros((C, len(rows), len(columns)), feature_map.dtype)
    for i, (r0, r1) in enumerate(rows):
        for j, (c0, c1) in enumerate(columns):
            cells = feature_map[:, max(0, r0) : max(0, r1), max(0, c0) : max(0, c1)]
            if cells.size:
                out[:, i, j] = np.nanmax(cells, axis=(1, 2))
    return out
