# faults: zero_at_once
# style: comprehension, "outside is 0"
# rest: right/plain_lists.py
import numpy as np


def bilinear_interpolate(features, y, x):
    _, H, W = features.shape
    ys, xs = np.broadcast_arrays(y, x)

    def one(plane, p, q):
        if p < 0 or q < 0 or p > H - 1 or q > W - 1:
            return 0.0
        (i, k, b), (j, m, a) = between(p, H), between(q, W)
        return (1 - b) * ((1 - a) * plane[i, j] + a * plane[i, m]) + b * (
            (1 - a) * plane[k, j] + a * plane[k, m]
        )

    values = [[one(plane, p, q) for p, q in zip(ys.flat, xs.flat)] for plane in features]
    return np.array(values, dtype=features.dtype).reshape(-1, *ys.shape)
