# style: a matrix of weights (points × cells), then one product
import numpy as np


def bilinear_weights(y, x):
    fy, fx = np.subtract(y, np.floor(y)), np.subtract(x, np.floor(x))
    rows, cols = [1 - fy, fy], [1 - fx, fx]
    return np.array([r * c for r in rows for c in cols])


def neighbours(position, length):
    t = np.clip(np.asarray(position, np.float64), 0, length - 1)
    low = np.trunc(t).astype(int)
    high = np.where(low + 1 < length, low + 1, low)
    return low, high, t - low


def sampling_matrix(y, x, H, W):
    matrix = np.zeros((y.size, H * W))
    y0, y1, fy = neighbours(y, H)
    x0, x1, fx = neighbours(x, W)
    n = np.arange(y.size)
    for weight, (row, col) in zip(bilinear_weights(fy, fx), [(y0, x0), (y0, x1), (y1, x0), (y1, x1)]):
        np.add.at(matrix, (n, row * W + col), weight)
    matrix[~((-1 <= y) & (y <= H) & (-1 <= x) & (x <= W))] = 0
    return matrix


def bilinear_interpolate(features, y, x):
    C, H, W = features.shape
    shape = np.broadcast_shapes(np.shape(y), np.shape(x))
    y = np.broadcast_to(y, shape).ravel()
    x = np.broadcast_to(x, shape).ravel()
    out = features.reshape(C, H * W) @ sampling_matrix(y, x, H, W).T
    return out.reshape(C, *shape).astype(features.dtype)
