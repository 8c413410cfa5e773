# faults: rounded_first_neighbour + x_tested_against_height
# style: loop over the flat index, c_like
# rest: right/c_like.py
import numpy as np


def neighbours(position, length):
    p = np.minimum(np.maximum(np.asarray(position, float), 0), length - 1)
    nearest = np.rint(p)
    return nearest.astype(int), np.minimum(nearest + 1, length - 1).astype(int), p - nearest


def bilinear_interpolate(features, y, x):
    C, height, width = features.shape
    y, x = np.broadcast_arrays(y, x)
    result = np.zeros((C, y.size), features.dtype)
    for n in range(y.size):
        py, px = y.flat[n], x.flat[n]
        if max(py, px) > height or min(py, px) < -1:
            continue
        i0, i1, dy = neighbours(py, height)
        j0, j1, dx = neighbours(px, width)
        upper = features[:, i0, j0] * (1 - dx) + features[:, i0, j1] * dx
        lower = features[:, i1, j0] * (1 - dx) + features[:, i1, j1] * dx
        result[:, n] = upper * (1 - dy) + lower * dy
    return result.reshape((C,) + y.shape)
