# faults: grid_in_xy_order + zero_padding + always_float64
# style: grid_sample with zeros around, grid stacked as y, x, no dtype
# rest: right/notebook.py
import numpy as np


def fetch(plane, i, j):
    H, W = plane.shape[1:]
    there = (i >= 0) & (i < H) & (j >= 0) & (j < W)
    return plane[:, np.clip(i, 0, H - 1), np.clip(j, 0, W - 1)] * there


def sampled(plane, grid):
    x, y = grid[..., 0], grid[..., 1]
    i, j = np.floor(y).astype(int), np.floor(x).astype(int)
    b, a = y - i, x - j
    north = (1 - b) * ((1 - a) * fetch(plane, i, j) + a * fetch(plane, i, j + 1))
    return north + b * ((1 - a) * fetch(plane, i + 1, j) + a * fetch(plane, i + 1, j + 1))


def sample_bins(feature_map, y, x, mode):
    (PH, ny), (PW, nx) = y.shape, x.shape
    if ny == 0 or nx == 0:
        return np.zeros((len(feature_map), PH, PW))
    grid = np.stack(np.broadcast_arrays(y.reshape(-1, 1), x.reshape(1, -1)), axis=-1)
    values = sampled(feature_map.astype(float), grid).reshape(-1, PH, ny, PW, nx)
    return values.mean(axis=(2, 4)) if mode == "avg" else values.max(axis=(2, 4))


def roi_align(features, rois, output_size, spatial_scale=1.0, sampling_ratio=2, aligned=True, mode="avg"):
    PH, PW = output_size
    out = np.zeros((len(rois), features.shape[1], PH, PW))
    for k, roi in enumerate(rois):
        y, x, h, w = box_on_map(roi[1:], spatial_scale, aligned)
        ny = sampling_ratio if sampling_ratio > 0 else max(int(np.ceil(h / PH)), 0)
        nx = sampling_ratio if sampling_ratio > 0 else max(int(np.ceil(w / PW)), 0)
        out[k] = sample_bins(
            features[int(roi[0])], sample_points(y, h, PH, ny), sample_points(x, w, PW, nx), mode
        )
    return out
