# style: a loop over points and one over channels
import numpy as np


def bilinear_weights(y, x):
    dy = y - np.floor(y)
    dx = x - np.floor(x)
    return np.array([(1 - dy) * (1 - dx), (1 - dy) * dx, dy * (1 - dx), dy * dx])


def neighbours(position, length):
    position = np.asarray(position, dtype=float)
    low = np.zeros(position.shape, dtype=int)
    high = np.zeros(position.shape, dtype=int)
    fraction = np.zeros(position.shape)
    for index in np.ndindex(position.shape):
        p = position[index]
        if p < 0:
            p = 0.0
        if p > length - 1:
            p = float(length - 1)
        low[index] = int(p)
        high[index] = min(int(p) + 1, length - 1)
        fraction[index] = p - int(p)
    return low, high, fraction


def bilinear_interpolate(features, y, x):
    C, H, W = features.shape
    y, x = np.broadcast_arrays(y, x)
    out = np.zeros((C, *y.shape), dtype=features.dtype)
    for index in np.ndindex(y.shape):
        py, px = float(y[index]), float(x[index])
        if py < -1 or py > H or px < -1 or px > W:
            continue
        y0, y1, dy = neighbours(py, H)
        x0, x1, dx = neighbours(px, W)
        for c in range(C):
            top = (1 - dx) * features[c, y0, x0] + dx * features[c, y0, x1]
            bottom = (1 - dx) * features[c, y1, x0] + dx * features[c, y1, x1]
            out[(c, *index)] = (1 - dy) * top + dy * bottom
    return out
