# style: edge-padded map, running sum and running maximum
import numpy as np


def sample_points(start, size, bins, sampling_ratio):
    return (
        np.stack(
            [
                start + (np.arange(bins) + (2 * i + 1) / (2 * sampling_ratio)) * size / bins
                for i in range(sampling_ratio)
            ],
            axis=1,
        )
        if sampling_ratio
        else np.zeros((bins, 0))
    )


def box_on_map(box, spatial_scale, aligned):
    x1, y1, x2, y2 = np.multiply(box, spatial_scale)
    centre_x, centre_y, w, h = (x1 + x2) / 2, (y1 + y2) / 2, x2 - x1, y2 - y1
    if aligned:
        return centre_y - h / 2 - 0.5, centre_x - w / 2 - 0.5, h, w
    return y1, x1, np.maximum(h, 1), np.maximum(w, 1)


def column_of_samples(padded, y, x, H, W):
    """padded (C, H + 3, W + 3); one y for each bin row, one x for each bin column."""
    y, x = np.meshgrid(y, x, indexing="ij")
    seen = (y >= -1) & (y <= H) & (x >= -1) & (x <= W)
    y, x = np.where(seen, y + 1, 0), np.where(seen, x + 1, 0)
    i, j = y.astype(int), x.astype(int)
    b, a = y % 1, x % 1
    mixed = padded[:, i, j] * (1 - b) * (1 - a) + padded[:, i + 1, j + 1] * b * a
    mixed += padded[:, i, j + 1] * (1 - b) * a + padded[:, i + 1, j] * b * (1 - a)
    return mixed * seen


def sample_bins(feature_map, y, x, mode):
    C, H, W = feature_map.shape
    padded = np.pad(feature_map, ((0, 0), (1, 2), (1, 2)), mode="edge").astype(float)
    total, largest = np.zeros((C, len(y), len(x))), np.full((C, len(y), len(x)), -np.inf)
    for i in range(y.shape[1]):
        for j in range(x.shape[1]):
            sample = column_of_samples(padded, y[:, i], x[:, j], H, W)
            total += sample
            largest = np.maximum(largest, sample)
    count = y.shape[1] * x.shape[1]
    if count == 0:
        return np.zeros_like(total, dtype=feature_map.dtype)
    return (total / count if mode == "avg" else largest).astype(feature_map.dtype)


def roi_align(features, rois, output_size, spatial_scale=1.0, sampling_ratio=2, aligned=True, mode="avg"):
    PH, PW = output_size
    result = np.zeros((len(rois), features.shape[1], PH, PW)).astype(features.dtype)
    for k, roi in enumerate(rois):
        y, x, h, w = box_on_map(roi[1:], spatial_scale, aligned)
        if sampling_ratio >= 1:
            rows, columns = sampling_ratio, sampling_ratio
        else:
            rows, columns = (int(max(-(-length // bins), 0)) for length, bins in ((h, PH), (w, PW)))
        ys, xs = sample_points(y, h, PH, rows), sample_points(x, w, PW, columns)
        result[k] = sample_bins(features[int(roi[0])], ys, xs, mode)
    return result
