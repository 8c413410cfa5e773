# style: vectorized, in the notebook's steps
import numpy as np


def bilinear_interpolate(features, y, x):
    H, W = features.shape[1:]
    y, x = np.broadcast_arrays(np.asarray(y, dtype=np.float64), np.asarray(x, dtype=np.float64))
    inside = (y >= -1) & (y <= H) & (x >= -1) & (x <= W)
    row, column = np.clip(y, 0, H - 1), np.clip(x, 0, W - 1)
    top, left = row.astype(int), column.astype(int)
    bottom, right = np.minimum(top + 1, H - 1), np.minimum(left + 1, W - 1)
    frac_y, frac_x = row - top, column - left
    upper = (1 - frac_x) * features[:, top, left] + frac_x * features[:, top, right]
    lower = (1 - frac_x) * features[:, bottom, left] + frac_x * features[:, bottom, right]
    return np.where(inside, (1 - frac_y) * upper + frac_y * lower, 0).astype(features.dtype)


def sample_points(start, size, bins, sampling_ratio):
    part = (np.arange(sampling_ratio) + 0.5) / max(sampling_ratio, 1)
    return start + (np.arange(bins).reshape(-1, 1) + part) * (size / bins)


def box_on_map(box, spatial_scale, aligned):
    x1, y1, x2, y2 = np.asarray(box, dtype=float) * spatial_scale
    h, w = y2 - y1, x2 - x1
    if aligned:
        return y1 - 0.5, x1 - 0.5, h, w
    return y1, x1, max(h, 1), max(w, 1)


def sample_bins(feature_map, y, x, mode):
    PH, ny = y.shape
    PW, nx = x.shape
    if ny * nx == 0:
        return np.zeros((feature_map.shape[0], PH, PW), feature_map.dtype)
    grid = bilinear_interpolate(feature_map, y.reshape(-1, 1), x.reshape(1, -1))
    grid = grid.reshape(-1, PH, ny, PW, nx)
    if mode == "max":
        return grid.max(axis=(2, 4))
    return grid.mean(axis=(2, 4))


def roi_align(features, rois, output_size, spatial_scale=1.0, sampling_ratio=2, aligned=True, mode="avg"):
    PH, PW = output_size
    out = np.empty((len(rois), features.shape[1], PH, PW), dtype=features.dtype)
    for k, roi in enumerate(rois):
        y, x, h, w = box_on_map(roi[1:], spatial_scale, aligned)
        ny, nx = sampling_ratio, sampling_ratio
        if sampling_ratio < 1:
            ny = max(0, int(np.ceil(h / PH)))
            nx = max(0, int(np.ceil(w / PW)))
        y, x = sample_points(y, h, PH, ny), sample_points(x, w, PW, nx)
        out[k] = sample_bins(features[int(roi[0])], y, x, mode)
    return out
