# style: plain Python numbers and lists, NumPy at the door only
from math import floor

import numpy as np


def bilinear_weights(y, x):
    if np.ndim(y) == 0 and np.ndim(x) == 0:
        b, a = y - floor(y), x - floor(x)
        return np.array([(1 - b) * (1 - a), (1 - b) * a, b * (1 - a), b * a])
    pairs = zip(np.ravel(y).tolist(), np.ravel(x).tolist())
    columns = [bilinear_weights(p, q).tolist() for p, q in pairs]
    return np.array(columns).T.reshape(4, *np.shape(y))


def between(p, n):
    p = max(0.0, min(float(p), n - 1.0))
    i = floor(p)
    return i, min(i + 1, n - 1), p - i


def neighbours(position, length):
    found = [between(p, length) for p in np.ravel(position)]
    shape = np.shape(position)
    lows, highs, fractions = ([t[part] for t in found] for part in range(3))
    return (
        np.array(lows, dtype=int).reshape(shape),
        np.array(highs, dtype=int).reshape(shape),
        np.array(fractions, dtype=float).reshape(shape),
    )


def bilinear_interpolate(features, y, x):
    maps = features.tolist()
    H, W = len(maps[0]), len(maps[0][0])
    ys, xs = np.broadcast_arrays(y, x)
    result = []
    for channel in maps:
        row = []
        for p, q in zip(ys.ravel().tolist(), xs.ravel().tolist()):
            if not (-1 <= p <= H and -1 <= q <= W):
                row.append(0.0)
                continue
            i, k, b = between(p, H)
            j, m, a = between(q, W)
            up = channel[i][j] + a * (channel[i][m] - channel[i][j])
            down = channel[k][j] + a * (channel[k][m] - channel[k][j])
            row.append(up + b * (down - up))
        result.append(row)
    return np.array(result, dtype=features.dtype).reshape(len(maps), *ys.shape)
