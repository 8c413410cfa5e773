# faults: always_maximum
# style: pool_bins of the assignment before, adapted
# rest: right/loops.py
import numpy as np


def sample_bins(feature_map, y, x, mode):
    C = feature_map.shape[0]
    out = np.zeros((C, len(y), len(x)), dtype=feature_map.dtype)
    for i, ys in enumerate(y):
        for j, xs in enumerate(x):
            samples = bilinear_interpolate(feature_map, ys.reshape(-1, 1), xs)
            if samples.size:
                out[:, i, j] = samples.max(axis=(1, 2))
    return out
