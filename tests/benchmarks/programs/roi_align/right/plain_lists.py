# style: plain Python lists and comprehensions, arrays at the door only
import math

import numpy as np


def read(plane, p, q):
    H, W = len(plane), len(plane[0])
    if not (-1 <= p <= H and -1 <= q <= W):
        return 0.0
    p, q = min(max(p, 0.0), H - 1.0), min(max(q, 0.0), W - 1.0)
    i, j = math.floor(p), math.floor(q)
    k, m = min(i + 1, H - 1), min(j + 1, W - 1)
    up = plane[i][j] + (q - j) * (plane[i][m] - plane[i][j])
    down = plane[k][j] + (q - j) * (plane[k][m] - plane[k][j])
    return up + (p - i) * (down - up)


def sample_points(start, size, bins, sampling_ratio):
    n = bins * sampling_ratio
    flat = [start + (2 * i + 1) * size / (2 * n) for i in range(n)]
    return np.array(flat, dtype=float).reshape(bins, sampling_ratio)


def box_on_map(box, spatial_scale, aligned):
    left, top, right, bottom = (v * spatial_scale for v in box)
    size = [bottom - top, right - left]
    if not aligned:
        return (top, left, *[max(s, 1.0) for s in size])
    return (top - 0.5, left - 0.5, *size)


def sample_bins(feature_map, y, x, mode):
    def one(plane, rows, columns):
        samples = [read(plane, p, q) for p in rows for q in columns]
        if not samples:
            return 0.0
        return max(samples) if mode == "max" else sum(samples) / len(samples)

    rows, columns = y.tolist(), x.tolist()
    out = [[[one(plane, r, c) for c in columns] for r in rows] for plane in feature_map.tolist()]
    return np.array(out, dtype=feature_map.dtype)


def roi_align(features, rois, output_size, spatial_scale=1.0, sampling_ratio=2, aligned=True, mode="avg"):
    def one(image, *box):
        y, x, h, w = box_on_map(box, spatial_scale, aligned)
        PH, PW = output_size
        counts = (sampling_ratio, sampling_ratio)
        if sampling_ratio <= 0:
            counts = (max(math.ceil(h / PH), 0), max(math.ceil(w / PW), 0))
        rows, columns = sample_points(y, h, PH, counts[0]), sample_points(x, w, PW, counts[1])
        return sample_bins(features[int(image)], rows, columns, mode)

    if len(rois) == 0:
        return np.zeros((0, features.shape[1], *output_size), features.dtype)
    return np.stack([one(*roi) for roi in rois.tolist()])
