# style: C-like, one cell after the other
import math

import numpy as np


def quantize_roi(roi, spatial_scale):
    x1 = math.floor(float(roi[0]) * spatial_scale)
    y1 = math.floor(float(roi[1]) * spatial_scale)
    x2 = math.floor(float(roi[2]) * spatial_scale)
    y2 = math.floor(float(roi[3]) * spatial_scale)
    return x1, y1, x2, y2


def bin_edges(length, bins):
    edges = []
    for p in range(bins):
        start = (p * length) // bins
        end = ((p + 1) * length) // bins
        edges.append((start, end))
    return edges


def pool_bins(feature_map, rows, columns):
    C, H, W = feature_map.shape
    out = np.zeros((C, len(rows), len(columns)), dtype=feature_map.dtype)
    for c in range(C):
        for i in range(len(rows)):
            for j in range(len(columns)):
                best = None
                for y in range(rows[i][0], rows[i][1]):
                    if y < 0 or y >= H:
                        continue
                    for x in range(columns[j][0], columns[j][1]):
                        if x < 0 or x >= W:
                            continue
                        value = feature_map[c, y, x]
                        if best is None or value > best or value != value:
                            best = value
                if best is not None:
                    out[c, i, j] = best
    return out


def roi_pool(features, rois, output_size, spatial_scale):
    N, C, H, W = features.shape
    K = rois.shape[0]
    PH, PW = output_size
    out = np.zeros((K, C, PH, PW), dtype=features.dtype)
    for k in range(K):
        b = int(rois[k, 0])
        x1, y1, x2, y2 = quantize_roi(rois[k, 1:5], spatial_scale)
        w = x2 - x1
        h = y2 - y1
        if w < 1:
            w = 1
        if h < 1:
            h = 1
        rows = []
        for start, end in bin_edges(h, PH):
            rows.append((start + y1, end + y1))
        cols = []
        for start, end in bin_edges(w, PW):
            cols.append((start + x1, end + x1))
        out[k] = pool_bins(features[b], rows, cols)
    return out


def bin_edges_truncate(length, bins):
    size = length // bins
    if size == 0:
        size = 1
    edges = []
    for p in range(bins):
        start = p * size
        end = start + size
        if start > length:
            start = length
        if end > length:
            end = length
        edges.append((start, end))
    return edges


def bin_edges_overlap(length, bins):
    edges = []
    for p in range(bins):
        start = (p * length) // bins
        end = ((p + 1) * length + bins - 1) // bins
        edges.append((start, end))
    return edges


def c_round(v):
    if v < 0:
        return -c_round(-v)
    whole = math.floor(v)
    if v - whole >= 0.5:
        whole += 1
    return whole


def quantize_roi_caffe(roi, spatial_scale):
    x1 = c_round(float(roi[0]) * spatial_scale)
    y1 = c_round(float(roi[1]) * spatial_scale)
    x2 = c_round(float(roi[2]) * spatial_scale)
    y2 = c_round(float(roi[3]) * spatial_scale)
    return x1, y1, x2 + 1, y2 + 1


def roi_pool_caffe(features, rois, output_size, spatial_scale):
    N, C, H, W = features.shape
    K = rois.shape[0]
    PH, PW = output_size
    out = np.zeros((K, C, PH, PW), dtype=features.dtype)
    for k in range(K):
        b = int(rois[k, 0])
        x1, y1, x2, y2 = quantize_roi_caffe(rois[k, 1:5], spatial_scale)
        w = x2 - x1
        h = y2 - y1
        if w < 1:
            w = 1
        if h < 1:
            h = 1
        rows = []
        for start, end in bin_edges_overlap(h, PH):
            rows.append((start + y1, end + y1))
        cols = []
        for start, end in bin_edges_overlap(w, PW):
            cols.append((start + x1, end + x1))
        out[k] = pool_bins(features[b], rows, cols)
    return out
