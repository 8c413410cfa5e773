# style: the map is padded by its edge, then nothing is clamped
import numpy as np


def bilinear_weights(y, x):
    fy, fx = y - np.floor(y), x - np.floor(x)
    return np.array([1 - fy - fx + fy * fx, fx - fy * fx, fy - fy * fx, fy * fx])


def neighbours(position, length):
    inside = np.clip(position, 0, length - 1)
    low = np.int64(np.floor(inside))
    high = np.int64(np.clip(np.floor(inside) + 1, 0, length - 1))
    return low, high, inside - low


def bilinear_interpolate(features, y, x):
    _, H, W = features.shape
    padded = np.pad(features, ((0, 0), (1, 2), (1, 2)), mode="edge")
    y, x = np.broadcast_arrays(np.asarray(y, float), np.asarray(x, float))
    out = np.zeros((features.shape[0], *y.shape), dtype=features.dtype)
    ok = (y >= -1) & (y <= H) & (x >= -1) & (x <= W)
    yy, xx = y[ok] + 1, x[ok] + 1
    i, j = yy.astype(int), xx.astype(int)
    fy, fx = yy - i, xx - j
    upper = (1 - fx) * padded[:, i, j] + fx * padded[:, i, j + 1]
    lower = (1 - fx) * padded[:, i + 1, j] + fx * padded[:, i + 1, j + 1]
    out[:, ok] = (1 - fy) * upper + fy * lower
    return out
