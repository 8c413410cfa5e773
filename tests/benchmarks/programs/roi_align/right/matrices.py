# style: each axis a matrix of weights; the average is two products
import numpy as np


def sample_points(start, size, bins, sampling_ratio):
    step = size / bins
    starts = np.linspace(start, start + size, bins, endpoint=False)
    inset = step * (np.arange(sampling_ratio) + 0.5) / max(sampling_ratio, 1)
    return np.add.outer(starts, inset)


def box_on_map(box, spatial_scale, aligned):
    start = np.array(box[:2], dtype=float) * spatial_scale
    size = np.array(box[2:], dtype=float) * spatial_scale - start
    if aligned:
        start = start - 0.5
    else:
        size = np.maximum(size, 1)
    return start[1], start[0], size[1], size[0]


def weights_of(points, length):
    """A row of weights for each point: a tent, or nothing outside."""
    tents = np.maximum(1 - np.abs(np.clip(points, 0, length - 1)[..., None] - np.arange(length)), 0)
    return tents * ((points >= -1) & (points <= length))[..., None]


def sample_bins(feature_map, y, x, mode):
    _, H, W = feature_map.shape
    rows, columns = weights_of(y, H), weights_of(x, W)
    if rows.size == 0 or columns.size == 0:
        return np.zeros((len(feature_map), len(y), len(x)), feature_map.dtype)
    if mode == "avg":
        out = rows.mean(axis=1) @ feature_map @ columns.mean(axis=1).T
    else:
        every = np.einsum("pih,chw,qjw->cpqij", rows, feature_map, columns, optimize=True)
        out = every.max(axis=(-2, -1))
    return out.astype(feature_map.dtype)


def roi_align(features, rois, output_size, spatial_scale=1.0, sampling_ratio=2, aligned=True, mode="avg"):
    bins = np.array(output_size)
    out = np.zeros((len(rois), features.shape[1], *output_size), dtype=features.dtype)
    for k in range(len(rois)):
        y, x, h, w = box_on_map(rois[k, 1:], spatial_scale, aligned)
        n = np.full(2, sampling_ratio)
        if sampling_ratio <= 0:
            n = np.maximum(np.ceil(np.array([h, w]) / bins), 0).astype(int)
        out[k] = sample_bins(
            features[int(rois[k, 0])],
            sample_points(y, h, bins[0], n[0]),
            sample_points(x, w, bins[1], n[1]),
            mode,
        )
    return out
