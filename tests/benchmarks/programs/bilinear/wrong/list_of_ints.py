# faults: integer_result
# style: an image program: pixels are whole numbers
# rest: right/plain_lists.py
import numpy as np


def bilinear_interpolate(features, y, x):
    C, H, W = features.shape
    ys, xs = np.broadcast_arrays(y, x)
    pixels = np.zeros((C, ys.size), dtype=features.dtype)
    for c in range(C):
        for n, (p, q) in enumerate(zip(ys.flat, xs.flat)):
            if p < -1 or p > H or q < -1 or q > W:
                continue
            i, k, b = between(p, H)
            j, m, a = between(q, W)
            im = features[c]
            pixel = (
                (1 - b) * (1 - a) * im[i, j]
                + (1 - b) * a * im[i, m]
                + b * (1 - a) * im[k, j]
                + b * a * im[k, m]
            )
            pixels[c, n] = int(pixel)
    return pixels.reshape(C, *ys.shape)
