# style: all boxes quantized at once, masked arrays for cells outside
import numpy as np


def quantize_all(boxes, spatial_scale):
    return np.floor(np.asarray(boxes, dtype=np.float64) * spatial_scale).astype(np.int64)


def quantize_roi(roi, spatial_scale):
    return tuple(quantize_all(roi, spatial_scale).tolist())


def bin_edges(length, bins):
    return np.column_stack([np.arange(bins) * length // bins, np.arange(1, bins + 1) * length // bins]).tolist()


def pool_bins(feature_map, rows, columns):
    C, H, W = feature_map.shape
    y, x = np.mgrid[:H, :W]
    out = np.zeros((C, len(rows), len(columns)), feature_map.dtype)
    for i, (top, bottom) in enumerate(rows):
        for j, (left, right) in enumerate(columns):
            outside = (y < top) | (y >= bottom) | (x < left) | (x >= right)
            for c in range(C):
                cells = np.ma.MaskedArray(feature_map[c], mask=outside).compressed()
                out[c, i, j] = cells.max() if len(cells) else 0
    return out


def roi_pool(features, rois, output_size, spatial_scale):
    K, C = len(rois), features.shape[1]
    PH, PW = output_size
    out = np.zeros((K, C, PH, PW), features.dtype)
    boxes = quantize_all(rois[:, 1:], spatial_scale)
    sizes = np.maximum(boxes[:, 2:] - boxes[:, :2], 1)
    images = rois[:, 0].astype(int)
    for k in range(K):
        rows = boxes[k, 1] + np.array(bin_edges(sizes[k, 1], PH))
        columns = boxes[k, 0] + np.array(bin_edges(sizes[k, 0], PW))
        out[k] = pool_bins(features[images[k]], rows, columns)
    return out


def bin_edges_truncate(length, bins):
    size = max(length // bins, 1)
    return np.minimum(np.column_stack([np.arange(bins), np.arange(1, bins + 1)]) * size, length).tolist()


def bin_edges_overlap(length, bins):
    starts = np.arange(bins) * length // bins
    return np.column_stack([starts, length - starts[::-1]]).tolist()


def quantize_all_caffe(boxes, spatial_scale):
    scaled = np.asarray(boxes, dtype=np.float64) * spatial_scale
    cells = np.copysign(np.floor(np.abs(scaled) + 0.5), scaled).astype(np.int64)
    cells[..., 2:] += 1
    return cells


def quantize_roi_caffe(roi, spatial_scale):
    return tuple(quantize_all_caffe(roi, spatial_scale).tolist())


def roi_pool_caffe(features, rois, output_size, spatial_scale):
    K, C = len(rois), features.shape[1]
    PH, PW = output_size
    out = np.zeros((K, C, PH, PW), features.dtype)
    boxes = quantize_all_caffe(rois[:, 1:], spatial_scale)
    sizes = np.maximum(boxes[:, 2:] - boxes[:, :2], 1)
    images = rois[:, 0].astype(int)
    for k in range(K):
        rows = boxes[k, 1] + np.array(bin_edges_overlap(sizes[k, 1], PH))
        columns = boxes[k, 0] + np.array(bin_edges_overlap(sizes[k, 0], PW))
        out[k] = pool_bins(features[images[k]], rows, columns)
    return out
