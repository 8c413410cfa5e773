# faults: x_weights_swapped + zero_at_once
# style: boolean mask, only points of the map are computed
# rest: right/axis_by_axis.py
import numpy as np


def bilinear_interpolate(features, y, x):
    C, H, W = features.shape
    y, x = np.broadcast_arrays(np.asarray(y, dtype=float), np.asarray(x, dtype=float))
    out = np.zeros((C,) + y.shape, dtype=features.dtype)
    mask = (y >= 0) & (y <= H - 1) & (x >= 0) & (x <= W - 1)
    top, bottom, v = neighbours(y[mask], H)
    left, right, u = neighbours(x[mask], W)
    first_row = u * features[:, top, left] + (1 - u) * features[:, top, right]
    second_row = u * features[:, bottom, left] + (1 - u) * features[:, bottom, right]
    out[:, mask] = (1 - v) * first_row + v * second_row
    return out
