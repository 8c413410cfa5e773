# style: an error accumulator instead of divisions, while loops
import numpy as np


def whole(v):
    """the largest integer that is not above v"""
    n = round(v)
    while n > v:
        n -= 1
    while n + 1 <= v:
        n += 1
    return n


def quantize_roi(roi, spatial_scale):
    x1, y1, x2, y2 = [float(v) * spatial_scale for v in roi]
    return whole(x1), whole(y1), whole(x2), whole(y2)


def bin_edges(length, bins):
    edges = []
    start, error = 0, 0
    while len(edges) < bins:
        error += length
        end = start
        while error >= bins:
            error -= bins
            end += 1
        edges.append((start, end))
        start = end
    return edges


def largest(values):
    best = values[0]
    k = 1
    while k < len(values):
        if np.isnan(best):
            break
        if not values[k] <= best:
            best = values[k]
        k += 1
    return best


def pool_bins(feature_map, rows, columns):
    C, H, W = feature_map.shape
    out = np.zeros((C, len(rows), len(columns)), dtype=feature_map.dtype)
    for c in range(C):
        for i, (top, bottom) in enumerate(rows):
            top, bottom = max(top, 0), min(bottom, H)
            for j, (left, right) in enumerate(columns):
                left, right = max(left, 0), min(right, W)
                values = [feature_map[c, y, x] for y in range(top, bottom) for x in range(left, right)]
                if values:
                    out[c, i, j] = largest(values)
    return out


def pool_one(image, x1, y1, x2, y2, PH, PW, cutter):
    if x2 <= x1:
        x2 = x1 + 1
    if y2 <= y1:
        y2 = y1 + 1
    rows = cutter(y2 - y1, PH)
    columns = cutter(x2 - x1, PW)
    return pool_bins(image, [(y1 + a, y1 + b) for a, b in rows], [(x1 + a, x1 + b) for a, b in columns])


def roi_pool(features, rois, output_size, spatial_scale):
    PH, PW = output_size
    out = np.zeros((len(rois), features.shape[1], PH, PW), dtype=features.dtype)
    k = 0
    while k < len(rois):
        corners = quantize_roi(rois[k, 1:], spatial_scale)
        out[k] = pool_one(features[int(rois[k, 0])], *corners, PH, PW, bin_edges)
        k += 1
    return out


def bin_edges_truncate(length, bins):
    size = 1
    while (size + 1) * bins <= length:
        size += 1
    edges = []
    start = 0
    while len(edges) < bins:
        end = min(start + size, length)
        edges.append((start, end))
        start = end
    return edges


def bin_edges_overlap(length, bins):
    edges = []
    for start, end in bin_edges(length, bins):
        p = len(edges)
        edges.append((start, end + 1 if end * bins < (p + 1) * length else end))
    return edges


def quantize_roi_caffe(roi, spatial_scale):
    ends = []
    for v in roi:
        v = float(v) * spatial_scale
        size = whole(abs(v) + 0.5)
        ends.append(size if v >= 0 else -size)
    return ends[0], ends[1], ends[2] + 1, ends[3] + 1


def roi_pool_caffe(features, rois, output_size, spatial_scale):
    PH, PW = output_size
    out = np.zeros((len(rois), features.shape[1], PH, PW), dtype=features.dtype)
    k = 0
    while k < len(rois):
        corners = quantize_roi_caffe(rois[k, 1:], spatial_scale)
        out[k] = pool_one(features[int(rois[k, 0])], *corners, PH, PW, bin_edges_overlap)
        k += 1
    return out
