# faults: nan_skipped
# style: loops with >, first cell of the bin first unless it is NaN
# rest: right/monolith.py
import numpy as np


def pool_bins(feature_map, rows, columns):
    C, H, W = feature_map.shape
    out = np.zeros((C, len(rows), len(columns)), dtype=feature_map.dtype)
    for c in range(C):
        for i, (y1, y2) in enumerate(rows):
            for j, (x1, x2) in enumerate(columns):
                best = -np.inf
                found = False
                for y in range(max(y1, 0), min(y2, H)):
                    for x in range(max(x1, 0), min(x2, W)):
                        found = True
                        if feature_map[c, y, x] > best:
                            best = feature_map[c, y, x]
                if found:
                    out[c, i, j] = best
    return out
