# faults: corners_for_centres + grid_in_xy_order
# style: linspace and meshgrid, PyTorch habits
# rest: right/notebook.py
import numpy as np


def sample_points(start, size, bins, sampling_ratio):
    points = np.linspace(start, start + size, bins * sampling_ratio)
    return points.reshape((bins, sampling_ratio))


def sample_bins(feature_map, y, x, mode):
    C = feature_map.shape[0]
    PH, ny = y.shape
    PW, nx = x.shape
    if ny == 0 or nx == 0:
        return np.zeros((C, PH, PW), dtype=feature_map.dtype)
    grid_y, grid_x = np.meshgrid(y.ravel(), x.ravel(), indexing="ij")
    grid = np.stack([grid_y, grid_x], axis=-1)
    # as in grid_sample the last axis holds x, y
    values = bilinear_interpolate(feature_map, grid[..., 1], grid[..., 0])
    values = values.reshape(C, PH, ny, PW, nx).transpose(0, 1, 3, 2, 4).reshape(C, PH, PW, ny * nx)
    return values.mean(-1) if mode == "avg" else values.max(-1)
