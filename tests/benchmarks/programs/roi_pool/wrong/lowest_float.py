# faults: empty_bin_minus_infinity
# style: loops from float("-inf"), NaN kept
# rest: right/caffe_c.py
import numpy as np


def pool_bins(feature_map, rows, columns):
    C, H, W = feature_map.shape
    out = np.empty((C, len(rows), len(columns)), dtype=feature_map.dtype)
    for c in range(C):
        for i in range(len(rows)):
            for j in range(len(columns)):
                best = float("-inf")
                for y in range(max(rows[i][0], 0), min(rows[i][1], H)):
                    for x in range(max(columns[j][0], 0), min(columns[j][1], W)):
                        best = np.maximum(best, feature_map[c, y, x])
                out[c, i, j] = best
    return out
