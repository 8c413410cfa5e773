# faults: always_maximum
# style: running maximum as in the pooling layer
# rest: right/generators.py
import numpy as np


def sample_bins(feature_map, y, x, mode):
    C = feature_map.shape[0]
    out = np.zeros((C, len(y), len(x)), dtype=feature_map.dtype)
    if y.shape[1] * x.shape[1] == 0:
        return out
    out[...] = -np.inf
    for p in range(len(y)):
        for q in range(len(x)):
            for a in y[p]:
                for b in x[q]:
                    out[:, p, q] = np.maximum(out[:, p, q], sample(feature_map, a, b))
    return out
