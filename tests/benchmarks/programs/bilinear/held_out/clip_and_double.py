# faults: clipped_then_weighted + always_float64
# style: a generator of corners, sum with start value, float arrays
# rest: right/notebook.py
import numpy as np


def bilinear_interpolate(features, y, x):
    image = features.astype(float)
    C, H, W = image.shape
    y, x = np.broadcast_arrays(np.asarray(y, float), np.asarray(x, float))
    top = np.clip(np.floor(y), 0, H - 1)
    bottom = np.clip(np.floor(y) + 1, 0, H - 1)
    left = np.clip(np.floor(x), 0, W - 1)
    right = np.clip(np.floor(x) + 1, 0, W - 1)

    def corners():
        yield (bottom - y) * (right - x), top, left
        yield (bottom - y) * (x - left), top, right
        yield (y - top) * (right - x), bottom, left
        yield (y - top) * (x - left), bottom, right

    total = np.zeros((C,) + y.shape)
    for weight, r, c in corners():
        total += weight * image[:, r.astype(int), c.astype(int)]
    total[:, (y < -1) | (y > H) | (x < -1) | (x > W)] = 0
    return total
