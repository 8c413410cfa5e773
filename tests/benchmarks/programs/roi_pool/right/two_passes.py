# style: separable, first the rows of each bin, then its columns
import numpy as np


def quantize_roi(roi, spatial_scale):
    scaled = [float(end) * float(spatial_scale) for end in roi]
    return tuple(int(end // 1) for end in scaled)


def bin_edges(length, bins):
    starts = [length * p // bins for p in range(bins + 1)]
    return [(starts[p], starts[p + 1]) for p in range(bins)]


def strips(array, edges, axis):
    """maximum over each range of one axis, and whether the range has any cell there"""
    length = array.shape[axis]
    pooled, filled = [], []
    for start, end in edges:
        start, end = max(start, 0), min(end, length)
        filled.append(end > start)
        if end > start:
            pooled.append(np.take(array, range(start, end), axis=axis).max(axis=axis))
        else:
            pooled.append(np.zeros_like(np.take(array, 0, axis=axis)))
    return np.stack(pooled, axis=axis), np.array(filled)


def pool_bins(feature_map, rows, columns):
    by_row, row_filled = strips(feature_map, rows, axis=1)
    by_bin, column_filled = strips(by_row, columns, axis=2)
    by_bin[:, ~(row_filled[:, None] & column_filled[None, :])] = 0
    return by_bin


def region(start, end, parts, split):
    return [(start + a, start + b) for a, b in split(max(end - start, 1), parts)]


def roi_pool(features, rois, output_size, spatial_scale):
    PH, PW = output_size
    result = np.zeros((len(rois), features.shape[1], PH, PW), features.dtype)
    for k in range(len(rois)):
        left, top, right, bottom = quantize_roi(rois[k, 1:], spatial_scale)
        result[k] = pool_bins(
            features[int(rois[k, 0])], region(top, bottom, PH, bin_edges), region(left, right, PW, bin_edges)
        )
    return result


def bin_edges_truncate(length, bins):
    size = length // bins if length >= bins else 1
    return [(min(length, size * p), min(length, size * p + size)) for p in range(bins)]


def bin_edges_overlap(length, bins):
    ends = [-(-length * (p + 1) // bins) for p in range(bins)]
    return [(start, end) for (start, _), end in zip(bin_edges(length, bins), ends)]


def quantize_roi_caffe(roi, spatial_scale):
    scaled = [float(end) * float(spatial_scale) for end in roi]
    rounded = [int(end + 0.5) if end >= 0 else -int(0.5 - end) for end in scaled]
    return rounded[0], rounded[1], rounded[2] + 1, rounded[3] + 1


def roi_pool_caffe(features, rois, output_size, spatial_scale):
    PH, PW = output_size
    result = np.zeros((len(rois), features.shape[1], PH, PW), features.dtype)
    for k in range(len(rois)):
        left, top, right, bottom = quantize_roi_caffe(rois[k, 1:], spatial_scale)
        rows, columns = region(top, bottom, PH, bin_edges_overlap), region(left, right, PW, bin_edges_overlap)
        result[k] = pool_bins(features[int(rois[k, 0])], rows, columns)
    return result
