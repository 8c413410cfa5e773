# style: einsum over the two neighbours of each axis
import numpy as np


def bilinear_weights(y, x):
    y, x = np.broadcast_arrays(np.asarray(y, float), np.asarray(x, float))
    along_y = np.stack([1 - (y - np.floor(y)), y - np.floor(y)])
    along_x = np.stack([1 - (x - np.floor(x)), x - np.floor(x)])
    return np.einsum("i...,j...->ij...", along_y, along_x).reshape((4, *y.shape))


def neighbours(position, length):
    position = np.minimum(np.maximum(np.asarray(position, float), 0), length - 1)
    whole = np.trunc(position)
    low = whole.astype(np.int64)
    high = low + (low < length - 1)
    return low, high, position - whole


def bilinear_interpolate(features, y, x):
    features = np.asarray(features)
    C, H, W = features.shape
    y, x = np.broadcast_arrays(np.asarray(y, float), np.asarray(x, float))
    shape = y.shape
    y, x = y.ravel(), x.ravel()
    y_lo, y_hi, fy = neighbours(y, H)
    x_lo, x_hi, fx = neighbours(x, W)
    rows = np.stack([y_lo, y_hi])
    columns = np.stack([x_lo, x_hi])
    valid = (y >= -1.0) & (y <= H) & (x >= -1.0) & (x <= W)
    wy = np.stack([1 - fy, fy]) * valid
    wx = np.stack([1 - fx, fx])
    patches = features[:, rows[:, None, :], columns[None, :, :]]
    values = np.einsum("cijn,in,jn->cn", patches, wy, wx)
    return values.reshape((C, *shape)).astype(features.dtype)
