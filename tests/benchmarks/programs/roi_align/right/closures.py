# style: functions that return functions
import math

import numpy as np


def reader(feature_map):
    C, H, W = feature_map.shape

    def axis(p, n):
        p = min(max(p, 0.0), n - 1.0)
        low = math.floor(p)
        return low, min(low + 1, n - 1), p - low

    def read(y, x):
        if not (-1 <= y <= H and -1 <= x <= W):
            return np.zeros(C)
        (t, b, v), (l, r, u) = axis(y, H), axis(x, W)
        upper = feature_map[:, t, l] * (1 - u) + feature_map[:, t, r] * u
        return upper * (1 - v) + (feature_map[:, b, l] * (1 - u) + feature_map[:, b, r] * u) * v

    return read


def line(start, size, bins, count):
    def at(p, i):
        return start + size * (p + (2 * i + 1) / (2 * count)) / bins

    return at


def sample_points(start, size, bins, sampling_ratio):
    at = line(start, size, bins, sampling_ratio)
    points = [at(p, i) for p in range(bins) for i in range(sampling_ratio)]
    return np.array(points, dtype=float).reshape(bins, sampling_ratio)


def box_on_map(box, spatial_scale, aligned):
    x1, y1, x2, y2 = (float(end) * spatial_scale for end in box)
    half, least = (0.5, -math.inf) if aligned else (0.0, 1.0)
    return y1 - half, x1 - half, max(y2 - y1, least), max(x2 - x1, least)


def reducer(mode):
    return (lambda s: sum(s) / len(s)) if mode == "avg" else (lambda s: np.max(s, axis=0))


def sample_bins(feature_map, y, x, mode):
    read, reduce = reader(feature_map), reducer(mode)
    out = np.zeros((len(feature_map), len(y), len(x)), feature_map.dtype)
    for i, j in np.ndindex(len(y), len(x)):
        samples = [read(float(v), float(u)) for v in y[i] for u in x[j]]
        if samples:
            out[:, i, j] = reduce(samples)
    return out


def roi_align(features, rois, output_size, spatial_scale=1.0, sampling_ratio=2, aligned=True, mode="avg"):
    def count(size, bins):
        return sampling_ratio if sampling_ratio > 0 else max(math.ceil(size / bins), 0)

    def one(image, *box):
        y, x, h, w = box_on_map(box, spatial_scale, aligned)
        (PH, PW) = output_size
        ys, xs = sample_points(y, h, PH, count(h, PH)), sample_points(x, w, PW, count(w, PW))
        return sample_bins(features[int(image)], ys, xs, mode)

    out = np.zeros((len(rois), features.shape[1], *output_size), features.dtype)
    for k, roi in enumerate(rois):
        out[k] = one(*roi)
    return out
