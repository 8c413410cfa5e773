# style: boolean masks over rows and columns, no slices
import numpy as np


def quantize_roi(roi, spatial_scale):
    x1, y1, x2, y2 = np.asarray(roi, dtype="float64") * spatial_scale // 1
    return int(x1), int(y1), int(x2), int(y2)


def bin_edges(length, bins):
    return [(length * i // bins, length * (i + 1) // bins) for i in range(bins)]


def memberships(edges, size):
    """(bins, size) booleans: is cell i in bin p?"""
    cells = np.arange(size)
    return np.array([(cells >= start) & (cells < end) for start, end in edges]).reshape(-1, size)


def pool_bins(feature_map, rows, columns):
    C, H, W = feature_map.shape
    in_row, in_column = memberships(rows, H), memberships(columns, W)
    pooled = np.zeros((C, len(rows), len(columns)), dtype=feature_map.dtype)
    for ph, row_mask in enumerate(in_row):
        for pw, column_mask in enumerate(in_column):
            mask = row_mask[:, None] & column_mask[None, :]
            if mask.any():
                pooled[:, ph, pw] = np.max(feature_map[:, mask], axis=1)
    return pooled


def roi_pool(features, rois, output_size, spatial_scale):
    K, C = len(rois), features.shape[1]
    pooled = np.zeros((K, C, *output_size), dtype=features.dtype)
    for k in range(K):
        x1, y1, x2, y2 = quantize_roi(rois[k][1:], spatial_scale)
        height, width = max(1, y2 - y1), max(1, x2 - x1)
        rows = [(y1 + a, y1 + b) for a, b in bin_edges(height, output_size[0])]
        columns = [(x1 + a, x1 + b) for a, b in bin_edges(width, output_size[1])]
        pooled[k] = pool_bins(features[int(rois[k][0])], rows, columns)
    return pooled


def bin_edges_truncate(length, bins):
    step = length // bins or 1
    return [(min(i * step, length), min(i * step + step, length)) for i in range(bins)]


def bin_edges_overlap(length, bins):
    def up(a, b):
        return a // b + (a % b > 0)

    return [(length * i // bins, up(length * (i + 1), bins)) for i in range(bins)]


def quantize_roi_caffe(roi, spatial_scale):
    scaled = np.asarray(roi, dtype="float64") * spatial_scale
    rounded = np.where(scaled < 0, np.ceil(scaled - 0.5), np.floor(scaled + 0.5))
    x1, y1, x2, y2 = rounded.astype(np.int64)
    return int(x1), int(y1), int(x2) + 1, int(y2) + 1


def roi_pool_caffe(features, rois, output_size, spatial_scale):
    K, C = len(rois), features.shape[1]
    pooled = np.zeros((K, C, *output_size), dtype=features.dtype)
    for k in range(K):
        x1, y1, x2, y2 = quantize_roi_caffe(rois[k][1:], spatial_scale)
        height, width = max(1, y2 - y1), max(1, x2 - x1)
        rows = [(y1 + a, y1 + b) for a, b in bin_edges_overlap(height, output_size[0])]
        columns = [(x1 + a, x1 + b) for a, b in bin_edges_overlap(width, output_size[1])]
        pooled[k] = pool_bins(features[int(rois[k][0])], rows, columns)
    return pooled
