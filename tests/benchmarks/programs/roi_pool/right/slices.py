# style: NumPy slices, clip first, one helper for both layers
import numpy as np


def quantize_roi(roi, spatial_scale):
    roi = np.array(roi, dtype=np.float64)
    q = np.floor(roi * spatial_scale).astype(int)
    return tuple(q.tolist())


def bin_edges(length, bins):
    borders = np.arange(bins + 1) * length // bins
    return list(zip(borders[:-1].tolist(), borders[1:].tolist()))


def pool_bins(feature_map, rows, columns):
    C, H, W = feature_map.shape
    out = np.zeros((C, len(rows), len(columns)), feature_map.dtype)
    for i, (r0, r1) in enumerate(np.clip(np.array(rows).reshape(-1, 2), 0, H)):
        for j, (c0, c1) in enumerate(np.clip(np.array(columns).reshape(-1, 2), 0, W)):
            if r1 > r0 and c1 > c0:
                out[:, i, j] = feature_map[:, r0:r1, c0:c1].max(axis=(1, 2))
    return out


def pool_with(features, rois, output_size, spatial_scale, quantize, split):
    PH, PW = output_size
    out = np.zeros((len(rois), features.shape[1], PH, PW), dtype=features.dtype)
    for k, roi in enumerate(rois):
        x1, y1, x2, y2 = quantize(roi[1:], spatial_scale)
        rows = np.array(split(max(y2 - y1, 1), PH)) + y1
        columns = np.array(split(max(x2 - x1, 1), PW)) + x1
        out[k] = pool_bins(features[int(roi[0])], rows, columns)
    return out


def roi_pool(features, rois, output_size, spatial_scale):
    return pool_with(features, rois, output_size, spatial_scale, quantize_roi, bin_edges)


def bin_edges_truncate(length, bins):
    size = max(length // bins, 1)
    starts = np.minimum(np.arange(bins) * size, length)
    ends = np.minimum(starts + size, length)
    return list(zip(starts.tolist(), ends.tolist()))


def bin_edges_overlap(length, bins):
    p = np.arange(bins)
    starts = p * length // bins
    ends = -((-(p + 1) * length) // bins)
    return list(zip(starts.tolist(), ends.tolist()))


def quantize_roi_caffe(roi, spatial_scale):
    scaled = np.array(roi, dtype=np.float64) * spatial_scale
    q = (np.sign(scaled) * np.floor(np.abs(scaled) + 0.5)).astype(int)
    q[2:] += 1
    return tuple(q.tolist())


def roi_pool_caffe(features, rois, output_size, spatial_scale):
    return pool_with(features, rois, output_size, spatial_scale, quantize_roi_caffe, bin_edges_overlap)
