# style: accumulates sample after sample over all bins at once, no list of samples
import numpy as np


def bilinear_interpolate(features, y, x):
    H, W = features.shape[1:]
    out_of_map = (y < -1) | (y > H) | (x < -1) | (x > W)
    y, x = np.clip(y, 0, H - 1), np.clip(x, 0, W - 1)
    i, j = np.floor(y).astype(int), np.floor(x).astype(int)
    below, beside = i + (i + 1 < H), j + (j + 1 < W)
    v, u = y - i, x - j
    value = (1 - v) * (1 - u) * features[:, i, j] + v * (1 - u) * features[:, below, j]
    value = value + (1 - v) * u * features[:, i, beside] + v * u * features[:, below, beside]
    return np.where(out_of_map, 0, value)


def sample_points(start, size, bins, sampling_ratio):
    out = np.empty((bins, sampling_ratio))
    for i in range(sampling_ratio):
        out[:, i] = start + (np.arange(bins) + (i + 0.5) / sampling_ratio) * (size / bins)
    return out


def box_on_map(box, spatial_scale, aligned):
    scaled = [float(v) * spatial_scale for v in box]
    height, width = scaled[3] - scaled[1], scaled[2] - scaled[0]
    if aligned is False:
        height = height if height > 1 else 1.0
        width = width if width > 1 else 1.0
    shift = 0.5 * bool(aligned)
    return scaled[1] - shift, scaled[0] - shift, height, width


def sample_bins(feature_map, y, x, mode):
    mean, largest, seen = 0.0, -np.inf, 0
    for a in range(y.shape[1]):
        for b in range(x.shape[1]):
            value = bilinear_interpolate(feature_map, y[:, a][:, None], x[:, b][None, :])
            seen += 1
            mean = mean + (value - mean) / seen
            largest = np.maximum(largest, value)
    if not seen:
        return np.zeros((len(feature_map), len(y), len(x)), feature_map.dtype)
    return (mean if mode == "avg" else largest).astype(feature_map.dtype)


def roi_align(features, rois, output_size, spatial_scale=1.0, sampling_ratio=2, aligned=True, mode="avg"):
    PH, PW = output_size
    pooled = [np.empty((0, features.shape[1], PH, PW))]
    for image, x1, y1, x2, y2 in rois:
        y, x, h, w = box_on_map((x1, y1, x2, y2), spatial_scale, aligned)
        ny, nx = (sampling_ratio, sampling_ratio) if sampling_ratio > 0 else (
            max(int(np.ceil(h / PH)), 0), max(int(np.ceil(w / PW)), 0))
        ys, xs = sample_points(y, h, PH, ny), sample_points(x, w, PW, nx)
        pooled.append(sample_bins(features[int(image)], ys, xs, mode)[None])
    return np.concatenate(pooled).astype(features.dtype)
