# style: generators and itertools, one bin after the other
import itertools

import numpy as np


def positions(start, size, parts):
    for n in range(parts):
        yield start + size * (n + 0.5) / parts


def sample_points(start, size, bins, sampling_ratio):
    rows = []
    for p in range(bins):
        rows.append(list(positions(start + p * size / bins, size / bins, sampling_ratio)))
    return np.array(rows, dtype=float).reshape(bins, sampling_ratio)


def box_on_map(box, spatial_scale, aligned):
    ends = [end * spatial_scale for end in box]
    size = [ends[3] - ends[1], ends[2] - ends[0]]
    corner = [ends[1], ends[0]]
    if aligned:
        corner = [c - 0.5 for c in corner]
    else:
        size = [s if s > 1 else 1.0 for s in size]
    return (*corner, *size)


def neighbours(p, n):
    """Pairs (cell, weight) around p; none outside."""
    if p < -1 or p > n:
        return
    p = max(0.0, min(p, n - 1))
    low = int(p)
    yield low, 1 - (p - low)
    if low + 1 < n:
        yield low + 1, p - low


def sample(feature_map, y, x):
    total = np.zeros(len(feature_map))
    _, H, W = feature_map.shape
    for (i, v), (j, u) in itertools.product(neighbours(y, H), neighbours(x, W)):
        total += v * u * feature_map[:, i, j]
    return total


def sample_bins(feature_map, y, x, mode):
    out = np.zeros((len(feature_map), len(y), len(x)), dtype=feature_map.dtype)
    for (p, rows), (q, columns) in itertools.product(enumerate(y), enumerate(x)):
        samples = [sample(feature_map, a, b) for a, b in itertools.product(rows, columns)]
        if samples:
            out[:, p, q] = np.mean(samples, axis=0) if mode == "avg" else np.max(samples, axis=0)
    return out


def roi_align(features, rois, output_size, spatial_scale=1.0, sampling_ratio=2, aligned=True, mode="avg"):
    def layer():
        for image, *box in rois:
            corner_y, corner_x, *size = box_on_map(box, spatial_scale, aligned)
            counts = [sampling_ratio] * 2
            if sampling_ratio <= 0:
                counts = [max(int(np.ceil(s / bins)), 0) for s, bins in zip(size, output_size)]
            y = sample_points(corner_y, size[0], output_size[0], counts[0])
            x = sample_points(corner_x, size[1], output_size[1], counts[1])
            yield sample_bins(features[int(image)], y, x, mode)

    out = np.zeros((len(rois), features.shape[1], *output_size), dtype=features.dtype)
    for k, pooled in enumerate(layer()):
        out[k] = pooled
    return out
