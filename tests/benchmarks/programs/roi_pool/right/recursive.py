# style: recursion instead of loops
import numpy as np


def quantize_roi(roi, spatial_scale):
    if len(roi) == 0:
        return ()
    first = int(np.floor(float(roi[0]) * spatial_scale))
    return (first,) + quantize_roi(roi[1:], spatial_scale)


def bin_edges(length, bins):
    # the last bin of P takes what the first P - 1 bins, all together, do not have
    def edges(p):
        if p == 0:
            return []
        return edges(p - 1) + [((p - 1) * length // bins, p * length // bins)]

    return edges(bins)


def maximum(cells):
    """the largest of each channel, by halving"""
    if cells.shape[1] == 1 and cells.shape[2] == 1:
        return cells[:, 0, 0]
    axis = 1 if cells.shape[1] > 1 else 2
    middle = cells.shape[axis] // 2
    one, other = np.split(cells, [middle], axis=axis)
    return np.maximum(maximum(one), maximum(other))


def pool_bins(feature_map, rows, columns):
    out = np.zeros((feature_map.shape[0], len(rows), len(columns)), dtype=feature_map.dtype)
    for i, (top, bottom) in enumerate(rows):
        for j, (left, right) in enumerate(columns):
            cells = feature_map[:, max(0, top) : max(0, bottom), max(0, left) : max(0, right)]
            if 0 not in cells.shape:
                out[:, i, j] = maximum(cells)
    return out


def one_roi(features, roi, output_size, spatial_scale):
    x1, y1, x2, y2 = quantize_roi(list(roi[1:]), spatial_scale)
    rows = [(a + y1, b + y1) for a, b in bin_edges(max(y2 - y1, 1), output_size[0])]
    cols = [(a + x1, b + x1) for a, b in bin_edges(max(x2 - x1, 1), output_size[1])]
    return pool_bins(features[int(roi[0])], rows, cols)[None]


def roi_pool(features, rois, output_size, spatial_scale):
    if len(rois) == 0:
        return np.zeros((0, features.shape[1], output_size[0], output_size[1]), dtype=features.dtype)
    first = one_roi(features, rois[0], output_size, spatial_scale)
    return np.concatenate([first, roi_pool(features, rois[1:], output_size, spatial_scale)])


def bin_edges_truncate(length, bins, start=0, size=None):
    if bins == 0:
        return []
    if size is None:
        size = max(length // bins, 1)
    end = min(start + size, length)
    return [(start, end)] + bin_edges_truncate(length, bins - 1, end, size)


def bin_edges_overlap(length, bins):
    return [(p * length // bins, length - (bins - p - 1) * length // bins) for p in range(bins)]


def quantize_roi_caffe(roi, spatial_scale):
    def nearest(v):
        return -nearest(-v) if v < 0 else int(v + 0.5)

    x1, y1, x2, y2 = (nearest(float(v) * spatial_scale) for v in roi)
    return x1, y1, x2 + 1, y2 + 1


def roi_pool_caffe(features, rois, output_size, spatial_scale):
    PH, PW = output_size
    out = np.zeros((len(rois), features.shape[1], PH, PW), dtype=features.dtype)
    for k, roi in enumerate(rois):
        x1, y1, x2, y2 = quantize_roi_caffe(roi[1:], spatial_scale)
        rows = [(a + y1, b + y1) for a, b in bin_edges_overlap(max(y2 - y1, 1), PH)]
        cols = [(a + x1, b + x1) for a, b in bin_edges_overlap(max(x2 - x1, 1), PW)]
        out[k] = pool_bins(features[int(roi[0])], rows, cols)
    return out
