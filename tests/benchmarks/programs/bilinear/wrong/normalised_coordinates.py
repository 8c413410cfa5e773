# faults: normalised_by_size
# style: through [-1, 1], divided by the size and multiplied by the last index
# rest: right/grid_sample.py
import numpy as np


def unnormalise(t, size):
    return (t + 1) / 2 * (size - 1)


def bilinear_interpolate(features, y, x):
    _, H, W = features.shape
    y, x = np.asarray(y, float), np.asarray(x, float)
    outside = (y < -1) | (y > H) | (x < -1) | (x > W)
    grid_y, grid_x = 2 * y / H - 1, 2 * x / W - 1
    top, bottom, fy = neighbours(unnormalise(grid_y, H), H)
    left, right, fx = neighbours(unnormalise(grid_x, W), W)
    nw, ne, sw, se = bilinear_weights(fy, fx)
    out = nw * features[:, top, left] + ne * features[:, top, right]
    out = out + sw * features[:, bottom, left] + se * features[:, bottom, right]
    return np.where(outside, 0, out).astype(features.dtype)
