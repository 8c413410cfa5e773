# faults: empty_bin_minus_infinity
# style: loops over cells, best value so far
# rest: right/loops.py
import math

import numpy as np


def pool_bins(feature_map, rows, columns):
    C, H, W = feature_map.shape
    pooled = np.empty((C, len(rows), len(columns)), dtype=feature_map.dtype)
    for c in range(C):
        for ph, (r0, r1) in enumerate(rows):
            for pw, (c0, c1) in enumerate(columns):
                best = -math.inf
                for r in range(max(r0, 0), min(r1, H)):
                    for q in range(max(c0, 0), min(c1, W)):
                        best = np.maximum(best, feature_map[c, r, q])
                pooled[c, ph, pw] = best
    return pooled
