# faults: ceil_for_second_neighbour + x_weights_swapped
# style: a course task in loops, weights named l, r, t, b
# rest: right/loops.py
import numpy as np


def bilinear_interpolate(features, y, x):
    C, H, W = features.shape
    y, x = np.broadcast_arrays(y, x)
    out = np.zeros((C, y.size), dtype=features.dtype)
    for n in range(y.size):
        py, px = y.flat[n], x.flat[n]
        if not (-1 <= py <= H and -1 <= px <= W):
            continue
        py, px = min(max(py, 0), H - 1), min(max(px, 0), W - 1)
        l, r = int(np.floor(px)), int(np.ceil(px))
        t, b = int(np.floor(py)), int(np.ceil(py))
        for c in range(C):
            upper = features[c, t, l] * (px - l) + features[c, t, r] * (r - px)
            lower = features[c, b, l] * (px - l) + features[c, b, r] * (r - px)
            out[c, n] = upper * (b - py) + lower * (py - t)
    return out.reshape((C,) + y.shape)
