# faults: substitute_top_left
# style: nested helper that looks a cell up, with a way out at the border
# rest: right/loops.py
import numpy as np


def bilinear_interpolate(features, y, x):
    C, H, W = features.shape
    y, x = np.broadcast_arrays(np.asarray(y, float), np.asarray(x, float))
    out = np.zeros((C, y.size), features.dtype)
    for n, (py, px) in enumerate(zip(y.ravel(), x.ravel())):
        if not (-1 <= py <= H and -1 <= px <= W):
            continue
        py, px = max(py, 0.0), max(px, 0.0)
        i, j = min(int(py), H - 1), min(int(px), W - 1)
        dy, dx = py - i, px - j
        for c in range(C):
            q11 = features[c, i, j]

            def cell(row, column):
                if row >= H or column >= W:
                    return q11  # there is no such neighbour
                return features[c, row, column]

            first = (1 - dx) * q11 + dx * cell(i, j + 1)
            second = (1 - dx) * cell(i + 1, j) + dx * cell(i + 1, j + 1)
            out[c, n] = (1 - dy) * first + dy * second
    return out.reshape((C,) + y.shape)
