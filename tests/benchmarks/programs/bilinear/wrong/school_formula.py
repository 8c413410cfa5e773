# faults: ceil_for_second_neighbour
# style: the school book's formula in four np.where-free lines
# rest: right/notebook.py
import numpy as np


def bilinear_weights(y, x):
    y1, y2 = np.floor(y), np.ceil(y)
    x1, x2 = np.floor(x), np.ceil(x)
    return np.array([(y2 - y) * (x2 - x), (y2 - y) * (x - x1), (y - y1) * (x2 - x), (y - y1) * (x - x1)])


def bilinear_interpolate(features, y, x):
    H, W = features.shape[1:]
    y, x = np.asarray(y, dtype=float), np.asarray(x, dtype=float)
    inside = (y >= -1) & (y <= H) & (x >= -1) & (x <= W)
    y, x = np.clip(y, 0, H - 1), np.clip(x, 0, W - 1)
    up, down = np.floor(y).astype(int), np.ceil(y).astype(int)
    left, right = np.floor(x).astype(int), np.ceil(x).astype(int)
    w = bilinear_weights(y, x)
    value = w[0] * features[:, up, left] + w[1] * features[:, up, right]
    value = value + w[2] * features[:, down, left] + w[3] * features[:, down, right]
    return np.where(inside, value, 0).astype(features.dtype)
