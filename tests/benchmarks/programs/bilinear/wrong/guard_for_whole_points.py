# faults: ceil_guarded_at_lattice
# style: course template: Q11 to Q22, a special case for whole points
# rest: right/loops.py
import numpy as np


def value_at(fmap, y, x):
    height, width = fmap.shape
    if not -1 <= y <= height or not -1 <= x <= width:
        return 0.0
    y = float(np.clip(y, 0, height - 1))
    x = float(np.clip(x, 0, width - 1))
    x1, x2 = int(np.floor(x)), int(np.ceil(x))
    y1, y2 = int(np.floor(y)), int(np.ceil(y))
    if x1 == x2 and y1 == y2:  # exactly on a pixel
        return fmap[y1, x1]
    Q11, Q21 = fmap[y1, x1], fmap[y1, x2]
    Q12, Q22 = fmap[y2, x1], fmap[y2, x2]
    R1 = (x2 - x) * Q11 + (x - x1) * Q21
    R2 = (x2 - x) * Q12 + (x - x1) * Q22
    return (y2 - y) * R1 + (y - y1) * R2


def bilinear_interpolate(features, y, x):
    y, x = np.broadcast_arrays(y, x)
    out = np.zeros((features.shape[0], y.size), dtype=features.dtype)
    for c, fmap in enumerate(features):
        for i in range(y.size):
            out[c, i] = value_at(fmap, y.flat[i], x.flat[i])
    return out.reshape(features.shape[0], *y.shape)
