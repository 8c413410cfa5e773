# style: three lerps
import numpy as np


def lerp(a, b, t):
    return a + (b - a) * t


def bilinear_weights(y, x):
    unit = np.eye(4)
    ty, tx = np.broadcast_arrays(np.mod(y, 1.0), np.mod(x, 1.0))
    e = unit.reshape(4, 4, *[1] * ty.ndim)
    return lerp(lerp(e[0], e[1], tx), lerp(e[2], e[3], tx), ty)


def neighbours(position, length):
    last = length - 1
    p = np.where(position < 0, 0, np.where(position > last, last, position))
    low = p.astype(int)
    return low, np.where(low < last, low + 1, last), p - low


def bilinear_interpolate(features, y, x):
    n_rows, n_cols = features.shape[-2:]
    y, x = np.asarray(y, dtype=float), np.asarray(x, dtype=float)
    r0, r1, ty = neighbours(y, n_rows)
    c0, c1, tx = neighbours(x, n_cols)
    upper = lerp(features[:, r0, c0], features[:, r0, c1], tx)
    lower = lerp(features[:, r1, c0], features[:, r1, c1], tx)
    value = lerp(upper, lower, ty)
    too_far = np.logical_or.reduce(np.broadcast_arrays(y < -1, y > n_rows, x < -1, x > n_cols))
    return np.where(too_far, np.zeros_like(value), value).astype(features.dtype)
