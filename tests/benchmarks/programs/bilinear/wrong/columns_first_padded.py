# faults: y_and_x_swapped + zero_padding + always_float64
# style: a closure over a zero-padded map, indexed [x][y]
# rest: right/plain_lists.py
import numpy as np


def reader(plane):
    def cell(i, j):
        if 0 <= i < len(plane) and 0 <= j < len(plane[0]):
            return plane[i][j]
        return 0.0

    def read(u, v):
        i, j = int(np.floor(u)), int(np.floor(v))
        a, b = u - i, v - j
        near = cell(i, j) * (1 - b) + cell(i, j + 1) * b
        far = cell(i + 1, j) * (1 - b) + cell(i + 1, j + 1) * b
        return near * (1 - a) + far * a

    return read


def bilinear_interpolate(features, y, x):
    y, x = np.broadcast_arrays(y, x)
    planes = [reader(plane) for plane in features.tolist()]
    return np.array([[read(p, q) for p, q in zip(x.flat, y.flat)] for read in planes]).reshape(
        (-1,) + y.shape
    )
