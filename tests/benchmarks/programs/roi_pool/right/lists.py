# style: plain Python lists and comprehensions, NumPy only at the end
from math import copysign, floor, isnan

import numpy as np


def quantize_roi(roi, spatial_scale):
    return tuple([floor(float(v) * spatial_scale) for v in roi])


def bin_edges(length, bins):
    return [(p * length // bins, (p + 1) * length // bins) for p in range(bins)]


def biggest(values):
    """max of a list; 0 of none; NaN if there is one"""
    if not values:
        return 0
    for v in values:
        if isnan(v):
            return v
    return max(values)


def cells_of(plane, rows, cols):
    return [plane[y][x] for y in range(*rows) if 0 <= y < len(plane) for x in range(*cols) if 0 <= x < len(plane[0])]


def pool_bins(feature_map, rows, columns):
    planes = feature_map.tolist()
    pooled = [[[biggest(cells_of(plane, r, c)) for c in columns] for r in rows] for plane in planes]
    return np.array(pooled, dtype=feature_map.dtype).reshape(len(planes), len(rows), len(columns))


def shifted(edges, by):
    return [(a + by, b + by) for a, b in edges]


def roi_pool(features, rois, output_size, spatial_scale):
    pooled = []
    for image, *box in rois.tolist():
        left, top, right, bottom = quantize_roi(box, spatial_scale)
        rows = shifted(bin_edges(max(bottom - top, 1), output_size[0]), top)
        cols = shifted(bin_edges(max(right - left, 1), output_size[1]), left)
        pooled.append(pool_bins(features[int(image)], rows, cols))
    shape = (len(rois), features.shape[1], output_size[0], output_size[1])
    return np.array(pooled, dtype=features.dtype).reshape(shape)


def bin_edges_truncate(length, bins):
    b = max(length // bins, 1)
    return [(min(p * b, length), min((p + 1) * b, length)) for p in range(bins)]


def bin_edges_overlap(length, bins):
    return [(p * length // bins, ((p + 1) * length - 1) // bins + 1) for p in range(bins)]


def nearest(v):
    return int(copysign(floor(abs(v) + 0.5), v))


def quantize_roi_caffe(roi, spatial_scale):
    x1, y1, x2, y2 = [nearest(float(v) * spatial_scale) for v in roi]
    return (x1, y1, x2 + 1, y2 + 1)


def roi_pool_caffe(features, rois, output_size, spatial_scale):
    pooled = []
    for image, *box in rois.tolist():
        left, top, right, bottom = quantize_roi_caffe(box, spatial_scale)
        rows = shifted(bin_edges_overlap(max(bottom - top, 1), output_size[0]), top)
        cols = shifted(bin_edges_overlap(max(right - left, 1), output_size[1]), left)
        pooled.append(pool_bins(features[int(image)], rows, cols))
    shape = (len(rois), features.shape[1], output_size[0], output_size[1])
    return np.array(pooled, dtype=features.dtype).reshape(shape)
