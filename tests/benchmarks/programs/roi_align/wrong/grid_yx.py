# faults: grid_in_xy_order
# style: grid_sample port: the grid stacked as y, x
# rest: right/grid_sample.py
import numpy as np


def sample_bins(feature_map, y, x, mode):
    C, H, W = feature_map.shape
    (PH, ny), (PW, nx) = y.shape, x.shape
    if ny == 0 or nx == 0:
        return np.zeros((C, PH, PW), dtype=feature_map.dtype)
    yy, xx = np.meshgrid(y.ravel(), x.ravel(), indexing="ij")
    grid = np.stack([yy, xx], axis=-1)
    gx, gy = grid[..., 0], grid[..., 1]  # grid_sample reads x first
    values = grid_sample(feature_map, np.stack([(2 * gx + 1) / W - 1, (2 * gy + 1) / H - 1], axis=-1))
    values[:, (gy < -1) | (gy > H) | (gx < -1) | (gx > W)] = 0
    values = values.reshape(C, PH, ny, PW, nx)
    return (values.mean((2, 4)) if mode == "avg" else values.max((2, 4))).astype(feature_map.dtype)
