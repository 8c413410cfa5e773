# faults: normalised_by_size + zero_padding
# style: torch's align_corners=True with a grid divided by the size
# rest: right/grid_sample.py
import numpy as np


def fetch(features, i, j):
    H, W = features.shape[1:]
    exists = (i >= 0) & (i <= H - 1) & (j >= 0) & (j <= W - 1)
    return np.where(exists, features[:, i.clip(0, H - 1), j.clip(0, W - 1)], 0)


def bilinear_interpolate(features, y, x):
    H, W = features.shape[1:]
    y, x = np.broadcast_arrays(np.asarray(y, float), np.asarray(x, float))
    outside = (y < -1) | (y > H) | (x < -1) | (x > W)
    iy = y / H * (H - 1)
    ix = x / W * (W - 1)
    i, j = np.floor(iy).astype(int), np.floor(ix).astype(int)
    nw, ne, sw, se = bilinear_weights(iy, ix)
    out = nw * fetch(features, i, j) + ne * fetch(features, i, j + 1)
    out += sw * fetch(features, i + 1, j) + se * fetch(features, i + 1, j + 1)
    return np.where(outside, 0, out).astype(features.dtype)
