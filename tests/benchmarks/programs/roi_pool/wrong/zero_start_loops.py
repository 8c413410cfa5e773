# faults: started_at_zero
# style: loops, best = 0
# rest: right/loops.py
import numpy as np


def pool_bins(feature_map, rows, columns):
    C, H, W = feature_map.shape
    out = np.zeros((C, len(rows), len(columns)), dtype=feature_map.dtype)
    for c in range(C):
        for i, (top, bottom) in enumerate(rows):
            for j, (left, right) in enumerate(columns):
                best = 0
                for y in range(max(top, 0), min(bottom, H)):
                    for x in range(max(left, 0), min(right, W)):
                        v = feature_map[c, y, x]
                        if v > best or np.isnan(v):
                            best = v
                out[c, i, j] = best
    return out
