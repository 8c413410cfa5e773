# style: as the notebook suggests, short
import numpy as np


def quantize_roi(roi, spatial_scale):
    roi = np.asarray(roi, dtype=np.float64)
    x1, y1, x2, y2 = np.floor(roi * spatial_scale).astype(int)
    return int(x1), int(y1), int(x2), int(y2)


def bin_edges(length, bins):
    return [(p * length // bins, (p + 1) * length // bins) for p in range(bins)]


def pool_bins(feature_map, rows, columns):
    C, H, W = feature_map.shape
    out = np.zeros((C, len(rows), len(columns)), dtype=feature_map.dtype)
    for i, (y1, y2) in enumerate(rows):
        for j, (x1, x2) in enumerate(columns):
            bin = feature_map[:, max(y1, 0):max(min(y2, H), 0), max(x1, 0):max(min(x2, W), 0)]
            if bin.size > 0:
                out[:, i, j] = bin.max(axis=(1, 2))
    return out


def roi_pool(features, rois, output_size, spatial_scale):
    PH, PW = output_size
    out = np.zeros((len(rois), features.shape[1], PH, PW), dtype=features.dtype)
    for k in range(len(rois)):
        image = int(rois[k, 0])
        x1, y1, x2, y2 = quantize_roi(rois[k, 1:], spatial_scale)
        n_x = max(x2 - x1, 1)
        n_y = max(y2 - y1, 1)
        rows = [(y1 + s, y1 + e) for s, e in bin_edges(n_y, PH)]
        columns = [(x1 + s, x1 + e) for s, e in bin_edges(n_x, PW)]
        out[k] = pool_bins(features[image], rows, columns)
    return out


def bin_edges_truncate(length, bins):
    b = max(length // bins, 1)
    return [(min(p * b, length), min((p + 1) * b, length)) for p in range(bins)]


def bin_edges_overlap(length, bins):
    return [(p * length // bins, -(-(p + 1) * length // bins)) for p in range(bins)]


def quantize_roi_caffe(roi, spatial_scale):
    scaled = np.asarray(roi, dtype=np.float64) * spatial_scale
    x1, y1, x2, y2 = (np.sign(scaled) * np.floor(np.abs(scaled) + 0.5)).astype(int)
    return int(x1), int(y1), int(x2) + 1, int(y2) + 1


def roi_pool_caffe(features, rois, output_size, spatial_scale):
    PH, PW = output_size
    out = np.zeros((len(rois), features.shape[1], PH, PW), dtype=features.dtype)
    for k in range(len(rois)):
        image = int(rois[k, 0])
        x1, y1, x2, y2 = quantize_roi_caffe(rois[k, 1:], spatial_scale)
        n_x = max(x2 - x1, 1)
        n_y = max(y2 - y1, 1)
        rows = [(y1 + s, y1 + e) for s, e in bin_edges_overlap(n_y, PH)]
        columns = [(x1 + s, x1 + e) for s, e in bin_edges_overlap(n_x, PW)]
        out[k] = pool_bins(features[image], rows, columns)
    return out
