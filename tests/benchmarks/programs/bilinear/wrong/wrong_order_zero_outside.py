# faults: column_order + zero_at_once
# style: weights by columns, zeros wherever the map ends
# rest: right/notebook.py
import numpy as np


def bilinear_weights(y, x):
    fy, fx = np.asarray(y) - np.floor(y), np.asarray(x) - np.floor(x)
    left = [(1 - fy) * (1 - fx), fy * (1 - fx)]
    right = [(1 - fy) * fx, fy * fx]
    return np.array(left + right)


def bilinear_interpolate(features, y, x):
    H, W = features.shape[1:]
    top, bottom, fy = neighbours(y, H)
    left, right, fx = neighbours(x, W)
    tl, tr, bl, br = bilinear_weights(fy, fx)
    mixed = tl * features[:, top, left] + tr * features[:, top, right]
    mixed = mixed + bl * features[:, bottom, left] + br * features[:, bottom, right]
    y, x = np.asarray(y), np.asarray(x)
    on_map = (0 <= y) & (y <= H - 1) & (0 <= x) & (x <= W - 1)
    return (mixed * on_map).astype(features.dtype)
