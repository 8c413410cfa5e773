# faults: nan_skipped + empty_bin_minus_infinity
# style: C loop, maxval = -FLT_MAX as -inf, if (v > maxval)
# rest: right/monolith.py
import numpy as np


def pool_bins(feature_map, rows, columns):
    channels, height, width = feature_map.shape
    top = np.zeros((channels, len(rows), len(columns)), dtype=feature_map.dtype)
    for c in range(channels):
        for ph in range(len(rows)):
            for pw in range(len(columns)):
                maxval = float("-inf")
                h = max(rows[ph][0], 0)
                while h < min(rows[ph][1], height):
                    w = max(columns[pw][0], 0)
                    while w < min(columns[pw][1], width):
                        if feature_map[c, h, w] > maxval:
                            maxval = feature_map[c, h, w]
                        w += 1
                    h += 1
                top[c, ph, pw] = maxval
    return top
