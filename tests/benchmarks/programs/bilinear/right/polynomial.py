# style: the patch as a polynomial a + b·x + c·y + d·x·y
import numpy as np


def bilinear_weights(y, x):
    v, u = np.modf(np.asarray(y, float))[0], np.modf(np.asarray(x, float))[0]
    return np.array([1 - u - v + u * v, u - u * v, v - u * v, u * v])


def neighbours(position, length):
    inside = np.maximum(np.minimum(position, length - 1), 0)
    low = inside.astype(int)
    return low, low + (low < length - 1), inside % 1


def bilinear_interpolate(features, y, x):
    y, x = np.broadcast_arrays(np.asarray(y, float), np.asarray(x, float))
    top, bottom, v = neighbours(y, features.shape[1])
    left, right, u = neighbours(x, features.shape[2])
    a = features[:, top, left].astype(float)
    b = features[:, top, right] - a
    c = features[:, bottom, left] - a
    d = features[:, bottom, right] - a - b - c
    value = a + b * u + c * v + d * u * v
    far = (np.abs(y - (features.shape[1] - 1) / 2) > (features.shape[1] + 1) / 2)
    far |= np.abs(x - (features.shape[2] - 1) / 2) > (features.shape[2] + 1) / 2
    value[:, far] = 0
    return value.astype(features.dtype)
