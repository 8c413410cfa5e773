# faults: none
# style: the best of a channel is carried on to the next one
# rest: right/loops.py
import numpy as np


def pool_bins(feature_map, rows, columns):
    C, H, W = feature_map.shape
    out = np.zeros((C, len(rows), len(columns)), dtype=feature_map.dtype)
    for i, (y1, y2) in enumerate(rows):
        for j, (x1, x2) in enumerate(columns):
            best = None
            for c in range(C):
                for y in range(max(y1, 0), min(y2, H)):
                    for x in range(max(x1, 0), min(x2, W)):
                        if best is None or feature_map[c, y, x] > best:
                            best = feature_map[c, y, x]
                if best is not None:
                    out[c, i, j] = best
    return out
