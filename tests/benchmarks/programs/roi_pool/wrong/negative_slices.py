# faults: negative_index_wraps
# style: slices as they are, guard for empty ones
# rest: right/torch_like.py
import numpy as np


def pool_bins(feature_map, rows, columns):
    out = np.zeros((len(feature_map), len(rows), len(columns)), dtype=feature_map.dtype)
    for i, r in enumerate(rows):
        for j, c in enumerate(columns):
            window = feature_map[:, slice(*r), slice(*c)]
            if window.size:
                out[:, i, j] = np.max(window, axis=(1, 2))
    return out
