# faults: none
# style: divided by the samples of one row and half of the other
# rest: right/loops.py
import numpy as np


def sample_bins(feature_map, y, x, mode):
    C = feature_map.shape[0]
    out = np.zeros((C, len(y), len(x)), dtype=feature_map.dtype)
    if y.shape[1] == 0 or x.shape[1] == 0:
        return out
    for p in range(len(y)):
        for q in range(len(x)):
            values = bilinear_interpolate(feature_map, y[p][:, None], x[q][None, :]).reshape(C, -1)
            if mode == "max":
                out[:, p, q] = values.max(axis=1)
            else:
                out[:, p, q] = 2 * values.sum(axis=1) / (y.shape[1] * x.shape[1])
    return out
