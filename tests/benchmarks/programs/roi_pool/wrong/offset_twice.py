# faults: offset_applied_twice
# style: edges made absolute, then moved again
# rest: right/generators.py
import numpy as np


def absolute_edges(start, stop, bins):
    return [(start + a, start + b) for a, b in bin_edges(max(stop - start, 1), bins)]


def roi_pool(features, rois, output_size, spatial_scale):
    result = np.zeros((len(rois), features.shape[1], *output_size), dtype=features.dtype)
    for k, roi in enumerate(rois):
        x1, y1, x2, y2 = quantize_roi(roi[1:], spatial_scale)
        rows = absolute_edges(y1, y2, output_size[0])
        columns = absolute_edges(x1, x2, output_size[1])
        rows = [(y1 + a, y1 + b) for a, b in rows]
        columns = [(x1 + a, x1 + b) for a, b in columns]
        result[k] = pool_bins(features[int(roi[0])], rows, columns)
    return result
