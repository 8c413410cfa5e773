# faults: ceil_for_second_neighbour + x_weights_swapped
# style: two steps along x and one along y, names of the lecture
# rest: right/notebook.py
import numpy as np


def bilinear_weights(y, x):
    a, b = y - np.floor(y), x - np.floor(x)
    return np.array([(1 - a) * b, (1 - a) * (1 - b), a * b, a * (1 - b)])


def bilinear_interpolate(features, y, x):
    H, W = features.shape[-2:]
    y, x = np.broadcast_arrays(np.asarray(y, np.float64), np.asarray(x, np.float64))
    inside = (y >= -1) & (y <= H) & (x >= -1) & (x <= W)
    yy, xx = np.clip(y, 0, H - 1), np.clip(x, 0, W - 1)
    y1, y2 = np.floor(yy).astype(int), np.ceil(yy).astype(int)
    x1, x2 = np.floor(xx).astype(int), np.ceil(xx).astype(int)
    r1 = features[:, y1, x1] * (xx - x1) + features[:, y1, x2] * (x2 - xx)
    r2 = features[:, y2, x1] * (xx - x1) + features[:, y2, x2] * (x2 - xx)
    p = r1 * (y2 - yy) + r2 * (yy - y1)
    return np.where(inside, p, 0.0).astype(features.dtype)
