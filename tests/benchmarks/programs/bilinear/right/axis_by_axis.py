# style: one function for one axis, applied twice
import numpy as np


def neighbours(position, length):
    position = np.asarray(position, dtype=float)
    clamped = position.copy()
    clamped[position < 0] = 0
    clamped[position > length - 1] = length - 1
    low = np.floor(clamped).astype(int)
    high = low + 1
    high[high == length] = length - 1
    return low, high, clamped - low


def bilinear_weights(y, x):
    def pair(t):
        t = np.asarray(t, dtype=float)
        return 1 - (t - np.floor(t)), t - np.floor(t)

    return np.array([v * h for v in pair(y) for h in pair(x)])


def bilinear_interpolate(features, y, x):
    C, H, W = features.shape
    y, x = np.broadcast_arrays(np.asarray(y, dtype=float), np.asarray(x, dtype=float))
    shape, y, x = y.shape, y.reshape(-1), x.reshape(-1)
    left, right, fx = neighbours(x, W)
    lines = features[:, :, left] * (1 - fx) + features[:, :, right] * fx  # (C, H, n)
    top, bottom, fy = neighbours(y, H)
    n = np.arange(len(y))
    values = lines[:, top, n] * (1 - fy) + lines[:, bottom, n] * fy
    values *= (y >= -1) & (y <= H)
    values *= (x >= -1) & (x <= W)
    return values.reshape(C, *shape).astype(features.dtype)
