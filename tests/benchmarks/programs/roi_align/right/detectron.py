# style: Detectron's pre-calculated weights: four positions and four weights a sample
import numpy as np


def sample_points(start, size, bins, sampling_ratio):
    bin_size = size / bins
    out = np.empty((bins, sampling_ratio))
    for p in range(bins):
        for i in range(sampling_ratio):
            out[p, i] = start + p * bin_size + (i + 0.5) * bin_size / sampling_ratio
    return out


def box_on_map(box, spatial_scale, aligned):
    offset = 0.5 * bool(aligned)
    start_w, start_h, end_w, end_h = (t * spatial_scale - offset for t in box)
    w, h = end_w - start_w, end_h - start_h
    return (start_h, start_w, h, w) if aligned else (start_h, start_w, max(h, 1.0), max(w, 1.0))


def pre_calc(y, x, height, width):
    """Positions (4, ...) in the flat map and weights (4, ...) of every sample."""
    y, x = np.broadcast_arrays(y, x)
    empty = (y < -1) | (y > height) | (x < -1) | (x > width)
    y, x = np.maximum(y, 0), np.maximum(x, 0)
    y_low, x_low = np.floor(y).astype(int), np.floor(x).astype(int)
    y, x = np.where(y_low >= height - 1, height - 1, y), np.where(x_low >= width - 1, width - 1, x)
    y_low, x_low = np.minimum(y_low, height - 1), np.minimum(x_low, width - 1)
    y_high, x_high = np.minimum(y_low + 1, height - 1), np.minimum(x_low + 1, width - 1)
    ly, lx = y - y_low, x - x_low
    hy, hx = 1 - ly, 1 - lx
    w = np.stack([hy * hx, hy * lx, ly * hx, ly * lx])
    w[:, empty] = 0
    pos = np.stack(
        [y_low * width + x_low, y_low * width + x_high, y_high * width + x_low, y_high * width + x_high]
    )
    return pos, w


def sample_bins(feature_map, y, x, mode):
    C, H, W = feature_map.shape
    if y.shape[1] * x.shape[1] == 0:
        return np.zeros((C, y.shape[0], x.shape[0]), feature_map.dtype)
    pos, w = pre_calc(y[:, None, :, None], x[None, :, None, :], H, W)
    samples = (feature_map.reshape(C, 1, H * W)[:, 0][:, pos] * w).sum(axis=1)
    pooled = samples.mean(axis=(3, 4)) if mode == "avg" else samples.max(axis=(3, 4))
    return pooled.astype(feature_map.dtype)


def roi_align(features, rois, output_size, spatial_scale=1.0, sampling_ratio=2, aligned=True, mode="avg"):
    PH, PW = output_size
    top_data = np.zeros((len(rois), features.shape[1], PH, PW), dtype=features.dtype)
    for n, roi in enumerate(rois):
        start_h, start_w, h, w = box_on_map(roi[1:5], spatial_scale, aligned)
        grid_h = sampling_ratio if sampling_ratio > 0 else max(int(np.ceil(h / PH)), 0)
        grid_w = sampling_ratio if sampling_ratio > 0 else max(int(np.ceil(w / PW)), 0)
        y, x = sample_points(start_h, h, PH, grid_h), sample_points(start_w, w, PW, grid_w)
        top_data[n] = sample_bins(features[int(roi[0])], y, x, mode)
    return top_data
