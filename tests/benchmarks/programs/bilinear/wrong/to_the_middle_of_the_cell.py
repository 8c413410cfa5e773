# faults: half_pixel_added
# style: C-like loop on flat data
# rest: right/c_like.py
import numpy as np


def bilinear_interpolate(features, y, x):
    channels, height, width = features.shape
    y, x = np.broadcast_arrays(y, x)
    top = np.zeros((channels, y.size), dtype=features.dtype)
    for n in range(y.size):
        for c in range(channels):
            top[c, n] = one_value(features[c].ravel(), height, width, y.flat[n] + 0.5, x.flat[n] + 0.5)
    return top.reshape((channels,) + y.shape)
