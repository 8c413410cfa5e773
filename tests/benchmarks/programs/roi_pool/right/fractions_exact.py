# style: exact fractions everywhere
import math
from fractions import Fraction

import numpy as np


def quantize_roi(roi, spatial_scale):
    return tuple(math.floor(Fraction(float(v)) * Fraction(spatial_scale)) for v in roi)


def bin_edges(length, bins):
    size = Fraction(length, bins)
    return [(math.floor(p * size), math.floor((p + 1) * size)) for p in range(bins)]


def pool_bins(feature_map, rows, columns):
    C, H, W = feature_map.shape
    result = np.zeros((C, len(rows), len(columns)), dtype=feature_map.dtype)
    for (i, j), _ in np.ndenumerate(np.empty((len(rows), len(columns)))):
        ys = sorted(set(range(*rows[i])) & set(range(H)))
        xs = sorted(set(range(*columns[j])) & set(range(W)))
        if ys and xs:
            result[:, i, j] = feature_map[np.ix_(range(C), ys, xs)].max(axis=(1, 2))
    return result


def roi_pool(features, rois, output_size, spatial_scale):
    PH, PW = output_size
    result = np.zeros((len(rois), features.shape[1], PH, PW), dtype=features.dtype)
    for k, roi in enumerate(rois):
        x1, y1, x2, y2 = quantize_roi(roi[1:], spatial_scale)
        rows = [(y1 + a, y1 + b) for a, b in bin_edges(max(1, y2 - y1), PH)]
        columns = [(x1 + a, x1 + b) for a, b in bin_edges(max(1, x2 - x1), PW)]
        result[k] = pool_bins(features[int(roi[0])], rows, columns)
    return result


def bin_edges_truncate(length, bins):
    size = max(1, math.floor(Fraction(length, bins)))
    return [(min(length, p * size), min(length, (p + 1) * size)) for p in range(bins)]


def bin_edges_overlap(length, bins):
    size = Fraction(length, bins)
    return [(math.floor(p * size), math.ceil((p + 1) * size)) for p in range(bins)]


def quantize_roi_caffe(roi, spatial_scale):
    ends = []
    for v in roi:
        exact = Fraction(float(v)) * Fraction(spatial_scale)
        size = math.floor(abs(exact) + Fraction(1, 2))
        ends.append(size if exact > 0 else -size)
    return ends[0], ends[1], ends[2] + 1, ends[3] + 1


def roi_pool_caffe(features, rois, output_size, spatial_scale):
    PH, PW = output_size
    result = np.zeros((len(rois), features.shape[1], PH, PW), dtype=features.dtype)
    for k, roi in enumerate(rois):
        x1, y1, x2, y2 = quantize_roi_caffe(roi[1:], spatial_scale)
        rows = [(y1 + a, y1 + b) for a, b in bin_edges_overlap(max(1, y2 - y1), PH)]
        columns = [(x1 + a, x1 + b) for a, b in bin_edges_overlap(max(1, x2 - x1), PW)]
        result[k] = pool_bins(features[int(roi[0])], rows, columns)
    return result
