# faults: substitute_top_left
# style: if there is no neighbour, take Q11
# rest: right/loops.py
import numpy as np


def q_values(plane, i, j):
    H, W = plane.shape
    q11 = plane[i, j]
    q21 = plane[i, j + 1] if j + 1 < W else q11
    q12 = plane[i + 1, j] if i + 1 < H else q11
    q22 = plane[i + 1, j + 1] if i + 1 < H and j + 1 < W else q11
    return q11, q21, q12, q22


def bilinear_interpolate(features, y, x):
    C, H, W = features.shape
    y, x = np.broadcast_arrays(y, x)
    out = np.zeros((C, *y.shape), dtype=features.dtype)
    for index in np.ndindex(y.shape):
        b, a = max(float(y[index]), 0.0), max(float(x[index]), 0.0)
        if y[index] < -1 or x[index] < -1 or b > H or a > W:
            continue
        i, j = min(int(b), H - 1), min(int(a), W - 1)
        for c in range(C):
            q11, q21, q12, q22 = q_values(features[c], i, j)
            r1 = q11 + (a - j) * (q21 - q11)
            r2 = q12 + (a - j) * (q22 - q12)
            out[(c, *index)] = r1 + (b - i) * (r2 - r1)
    return out
