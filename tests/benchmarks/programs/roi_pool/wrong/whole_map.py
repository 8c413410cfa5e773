# faults: whole_map_pooled
# style: the bins are computed and then not used
# rest: right/two_passes.py
import numpy as np


def pool_bins(feature_map, rows, columns):
    maxima = feature_map.max(axis=(1, 2))
    out = np.empty((len(feature_map), len(rows), len(columns)), dtype=feature_map.dtype)
    for i, (top, bottom) in enumerate(rows):
        for j, (left, right) in enumerate(columns):
            out[:, i, j] = maxima
    return out
