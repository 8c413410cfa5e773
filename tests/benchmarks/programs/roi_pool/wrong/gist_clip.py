# faults: cut_toward_zero + clipped_before_the_bins
# style: astype(int), then clamp to the map
# rest: right/masks.py
import numpy as np


def quantize_roi(roi, spatial_scale):
    x1, y1, x2, y2 = (np.asarray(roi, dtype=np.float64) * spatial_scale).astype(int)
    return x1, y1, x2, y2


def roi_pool(features, rois, output_size, spatial_scale):
    h, w = features.shape[-2:]
    result = np.zeros((len(rois), features.shape[1], *output_size), dtype=features.dtype)
    for i, roi in enumerate(rois):
        x1, y1, x2, y2 = quantize_roi(roi[1:], spatial_scale)
        x1, x2 = max(0, min(x1, w)), max(0, min(x2, w))
        y1, y2 = max(0, min(y1, h)), max(0, min(y2, h))
        rows = [(y1 + a, y1 + b) for a, b in bin_edges(max(1, y2 - y1), output_size[0])]
        columns = [(x1 + a, x1 + b) for a, b in bin_edges(max(1, x2 - x1), output_size[1])]
        result[i] = pool_bins(features[int(roi[0])], rows, columns)
    return result
