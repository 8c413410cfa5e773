# faults: clipped_then_weighted + channels_mixed
# style: loops over points, all channels in one dot product
# rest: right/loops.py
import numpy as np


def bilinear_interpolate(features, y, x):
    C, H, W = features.shape
    y, x = np.broadcast_arrays(y, x)
    out = np.zeros((C,) + y.shape, dtype=features.dtype)
    for k in np.ndindex(y.shape):
        if y[k] < -1 or y[k] > H or x[k] < -1 or x[k] > W:
            continue
        i, j = int(np.floor(y[k])), int(np.floor(x[k]))
        i0, i1 = np.clip([i, i + 1], 0, H - 1)
        j0, j1 = np.clip([j, j + 1], 0, W - 1)
        patch = features[:, [[i0], [i1]], [j0, j1]]
        out[(slice(None),) + k] = (
            patch.mean(axis=0) * np.outer([i1 - y[k], y[k] - i0], [j1 - x[k], x[k] - j0])
        ).sum()
    return out
