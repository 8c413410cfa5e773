# style: seven nested loops, every step a function
import math

import numpy as np


def bilinear_interpolate(features, y, x):
    C, H, W = features.shape
    y, x = np.broadcast_arrays(y, x)
    out = np.zeros((C, *y.shape), dtype=features.dtype)
    for index in np.ndindex(y.shape):
        py, px = float(y[index]), float(x[index])
        if py < -1 or py > H or px < -1 or px > W:
            continue
        py, px = min(max(py, 0.0), H - 1.0), min(max(px, 0.0), W - 1.0)
        y0, x0 = int(py), int(px)
        y1, x1 = min(y0 + 1, H - 1), min(x0 + 1, W - 1)
        dy, dx = py - y0, px - x0
        for c in range(C):
            top = (1 - dx) * features[c, y0, x0] + dx * features[c, y0, x1]
            bottom = (1 - dx) * features[c, y1, x0] + dx * features[c, y1, x1]
            out[(c, *index)] = (1 - dy) * top + dy * bottom
    return out


def sample_points(start, size, bins, sampling_ratio):
    points = np.zeros((bins, sampling_ratio))
    for p in range(bins):
        for i in range(sampling_ratio):
            points[p, i] = start + p * size / bins + (i + 0.5) * size / bins / sampling_ratio
    return points


def box_on_map(box, spatial_scale, aligned):
    x1, y1, x2, y2 = [float(v) * spatial_scale for v in box]
    height = y2 - y1
    width = x2 - x1
    if aligned:
        y1 = y1 - 0.5
        x1 = x1 - 0.5
    else:
        height = max(height, 1.0)
        width = max(width, 1.0)
    return y1, x1, height, width


def sample_bins(feature_map, y, x, mode):
    PH, ny = y.shape
    PW, nx = x.shape
    C = feature_map.shape[0]
    out = np.zeros((C, PH, PW), dtype=feature_map.dtype)
    if ny == 0 or nx == 0:
        return out
    for ph in range(PH):
        for pw in range(PW):
            values = bilinear_interpolate(feature_map, y[ph][:, None], x[pw][None, :])
            for c in range(C):
                out[c, ph, pw] = values[c].mean() if mode == "avg" else values[c].max()
    return out


def roi_align(features, rois, output_size, spatial_scale=1.0, sampling_ratio=2, aligned=True, mode="avg"):
    PH, PW = output_size
    K = len(rois)
    out = np.zeros((K, features.shape[1], PH, PW), dtype=features.dtype)
    for k in range(K):
        y, x, height, width = box_on_map(rois[k][1:], spatial_scale, aligned)
        if sampling_ratio > 0:
            ny = nx = sampling_ratio
        else:
            ny = max(math.ceil(height / PH), 0)
            nx = max(math.ceil(width / PW), 0)
        ys = sample_points(y, height, PH, ny)
        xs = sample_points(x, width, PW, nx)
        out[k] = sample_bins(features[int(rois[k][0])], ys, xs, mode)
    return out
