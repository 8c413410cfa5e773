# faults: truncated_bins + started_at_zero
# style: plain Python, running maximum
# rest: right/lists.py
import numpy as np


def bin_edges(length, bins):
    step = max(1, length // bins)
    return [(min(step * i, length), min(step * (i + 1), length)) for i in range(bins)]


def pool_bins(feature_map, rows, columns):
    C, H, W = feature_map.shape
    out = np.zeros((C, len(rows), len(columns)), dtype=feature_map.dtype)
    for i, (y1, y2) in enumerate(rows):
        for j, (x1, x2) in enumerate(columns):
            biggest_so_far = np.zeros(C, dtype=feature_map.dtype)
            for y in range(max(0, y1), min(H, y2)):
                for x in range(max(0, x1), min(W, x2)):
                    biggest_so_far = np.maximum(biggest_so_far, feature_map[:, y, x])
            out[:, i, j] = biggest_so_far
    return out
