# faults: y_and_x_swapped + clamped_everywhere
# style: a matrix for each axis, x taken for the first
# rest: right/tent.py
import numpy as np


def hat_matrix(t, n):
    t = np.clip(np.asarray(t, float), 0, n - 1)
    return np.maximum(0, 1 - np.abs(t[..., None] - np.arange(n)))


def bilinear_interpolate(features, y, x):
    C, H, W = features.shape
    y, x = np.broadcast_arrays(y, x)
    values = np.einsum("...i,cij,...j->c...", hat_matrix(x, H), features, hat_matrix(y, W), optimize=True)
    return values.astype(features.dtype)
