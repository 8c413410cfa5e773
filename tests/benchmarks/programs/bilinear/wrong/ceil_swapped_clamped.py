# faults: ceil_for_second_neighbour + x_weights_swapped | ceil_for_second_neighbour + x_weights_swapped + clamped_everywhere
# style: vectorized formula, coordinates clipped first
# rest: right/notebook.py
import numpy as np


def bilinear_weights(y, x):
    x1, x2, y1, y2 = np.floor(x), np.ceil(x), np.floor(y), np.ceil(y)
    return np.array([(x - x1) * (y2 - y), (x2 - x) * (y2 - y), (x - x1) * (y - y1), (x2 - x) * (y - y1)])


def bilinear_interpolate(features, y, x):
    _, H, W = features.shape
    y, x = np.clip(y, 0, H - 1), np.clip(x, 0, W - 1)
    weights = bilinear_weights(y, x)
    up, down, left, right = (f(t).astype(int) for t in (y, x) for f in (np.floor, np.ceil))
    corners = [
        features[:, up, left],
        features[:, up, right],
        features[:, down, left],
        features[:, down, right],
    ]
    return sum(w * q for w, q in zip(weights, corners)).astype(features.dtype)
