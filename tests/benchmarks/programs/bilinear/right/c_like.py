# style: the C++ of torchvision, line by line
import math

import numpy as np


def bilinear_weights(y, x):
    ly, lx = y - np.floor(y), x - np.floor(x)
    hy, hx = 1.0 - ly, 1.0 - lx
    w1, w2, w3, w4 = hy * hx, hy * lx, ly * hx, ly * lx
    return np.array([w1, w2, w3, w4])


def axis(p, size):
    if p <= 0:
        p = 0.0
    p_low = math.floor(p)
    if p_low >= size - 1:
        p_high = p_low = size - 1
        p = float(p_low)
    else:
        p_high = p_low + 1
    return p_low, p_high, p - p_low


def neighbours(position, length):
    position = np.asarray(position)
    triples = np.array([axis(p, length) for p in position.ravel()]).reshape(-1, 3)
    low, high, fraction = triples.T
    shape = position.shape
    return low.astype(int).reshape(shape), high.astype(int).reshape(shape), fraction.reshape(shape)


def one_value(data, height, width, y, x):
    if y < -1.0 or y > height or x < -1.0 or x > width:
        return 0.0
    y_low, y_high, ly = axis(y, height)
    x_low, x_high, lx = axis(x, width)
    hy, hx = 1.0 - ly, 1.0 - lx
    v1 = data[y_low * width + x_low]
    v2 = data[y_low * width + x_high]
    v3 = data[y_high * width + x_low]
    v4 = data[y_high * width + x_high]
    return hy * hx * v1 + hy * lx * v2 + ly * hx * v3 + ly * lx * v4


def bilinear_interpolate(features, y, x):
    channels, height, width = features.shape
    y, x = np.broadcast_arrays(y, x)
    flat_y, flat_x = y.reshape(-1), x.reshape(-1)
    top = np.empty((channels, flat_y.size), dtype=features.dtype)
    for c in range(channels):
        data = features[c].reshape(-1)
        for n in range(flat_y.size):
            top[c, n] = one_value(data, height, width, flat_y[n], flat_x[n])
    return top.reshape((channels, *y.shape))
