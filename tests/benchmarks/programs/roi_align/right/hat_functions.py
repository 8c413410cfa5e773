# style: sum over all cells of hat(y - i) · hat(x - j), axes apart
import numpy as np


def hats(points, n):
    """(len(points), n): how much each cell weighs for each point; nothing beyond a cell from the map."""
    clamped = np.minimum(np.maximum(points, 0), n - 1)
    weights = np.maximum(0, 1 - np.abs(clamped[:, None] - np.arange(n)))
    return weights * ((points >= -1) & (points <= n))[:, None]


def sample_points(start, size, bins, sampling_ratio):
    edges = start + size * np.arange(bins) / bins
    middles = (np.arange(sampling_ratio) + 0.5) * size / (bins * max(sampling_ratio, 1))
    return np.add.outer(edges, middles)


def box_on_map(box, spatial_scale, aligned):
    (x1, y1), (x2, y2) = np.reshape(box, (2, 2)).astype(float) * spatial_scale
    if not aligned:
        return y1, x1, max(y2 - y1, 1.0), max(x2 - x1, 1.0)
    return y1 - 0.5, x1 - 0.5, y2 - y1, x2 - x1


def sample_bins(feature_map, y, x, mode):
    C, H, W = feature_map.shape
    out = np.zeros((C, len(y), len(x)))
    if y.size and x.size:
        grid = hats(y.ravel(), H) @ feature_map @ hats(x.ravel(), W).T
        for ph in range(len(y)):
            for pw in range(len(x)):
                rows = slice(ph * y.shape[1], (ph + 1) * y.shape[1])
                part = grid[:, rows, pw * x.shape[1]:(pw + 1) * x.shape[1]]
                out[:, ph, pw] = part.mean(axis=(1, 2)) if mode == "avg" else part.max(axis=(1, 2))
    return out.astype(feature_map.dtype)


def roi_align(features, rois, output_size, spatial_scale=1.0, sampling_ratio=2, aligned=True, mode="avg"):
    out = np.zeros((len(rois), features.shape[1]) + tuple(output_size), dtype=features.dtype)
    for k, roi in enumerate(rois):
        y, x, *size = box_on_map(roi[1:], spatial_scale, aligned)
        n = [sampling_ratio] * 2
        if sampling_ratio <= 0:
            n = [max(0, int(-(-side // bins))) for side, bins in zip(size, output_size)]
        points = [sample_points(s, l, P, m) for s, l, P, m in zip((y, x), size, output_size, n)]
        out[k] = sample_bins(features[int(roi[0])], *points, mode)
    return out
