# faults: corners_for_centres + grid_in_xy_order
# style: a course hand-out: linspace and a grid for grid_sample
# rest: right/notebook.py
import numpy as np


def sample_points(start, size, bins, sampling_ratio):
    return np.linspace(start, start + size, num=bins * sampling_ratio).reshape((bins, sampling_ratio))


def sample_bins(feature_map, y, x, mode):
    (PH, ny), (PW, nx) = y.shape, x.shape
    if ny == 0 or nx == 0:
        return np.zeros((len(feature_map), PH, PW), dtype=feature_map.dtype)
    first, second = np.meshgrid(y.ravel(), x.ravel(), indexing="ij")
    values = bilinear_interpolate(feature_map, y=second, x=first).reshape(-1, PH, ny, PW, nx)
    return values.mean(axis=(2, 4)) if mode == "avg" else values.max(axis=(2, 4))
