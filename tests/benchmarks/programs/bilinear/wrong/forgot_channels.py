# faults: channels_mixed
# style: the four values reduced over all axes
# rest: right/loops.py
import numpy as np


def bilinear_interpolate(features, y, x):
    C, H, W = features.shape
    y, x = np.broadcast_arrays(y, x)
    out = np.zeros((C, *y.shape), dtype=features.dtype)
    for index in np.ndindex(y.shape):
        if -1 <= y[index] <= H and -1 <= x[index] <= W:
            y0, y1, b = neighbours(y[index], H)
            x0, x1, a = neighbours(x[index], W)
            corners = features[:, [y0, y0, y1, y1], [x0, x1, x0, x1]]
            weights = bilinear_weights(b, a)
            out[(slice(None), *index)] = np.sum(corners * weights) / C
    return out
