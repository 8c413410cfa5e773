# faults: remainder_to_first_bin + started_at_zero
# style: sizes listed, running maximum in whole rows
# rest: right/masks.py
import numpy as np


def bin_edges(length, bins):
    size = length // bins
    ends = [length - (bins - 1 - p) * size for p in range(bins)]
    return list(zip([0] + ends[:-1], ends))


def pool_bins(feature_map, rows, columns):
    C, H, W = feature_map.shape
    out = np.zeros((C, len(rows), len(columns)), dtype=feature_map.dtype)
    for i, (top, bottom) in enumerate(rows):
        for y in range(max(top, 0), min(bottom, H)):
            for j, (left, right) in enumerate(columns):
                part = feature_map[:, y, max(left, 0) : max(min(right, W), 0)]
                out[:, i, j] = np.maximum(out[:, i, j], part.max(axis=1, initial=0))
    return out
