# faults: scaled_twice + image_number_scaled + last_row_lost
# style: scaled by the caller's habit and again inside
# rest: right/monolith.py
import numpy as np


def roi_pool(features, rois, output_size, spatial_scale):
    H, W = features.shape[2:]
    rois = rois * spatial_scale
    pooled = np.zeros((rois.shape[0], features.shape[1], *output_size), dtype=features.dtype)
    for n, roi in enumerate(rois):
        x1, y1, x2, y2 = quantize_roi(roi[1:], spatial_scale)
        x2, y2 = min(W - 1, x2), min(H - 1, y2)
        rows = [(y1 + s, y1 + e) for s, e in bin_edges(max(y2 - y1, 1), output_size[0])]
        cols = [(x1 + s, x1 + e) for s, e in bin_edges(max(x2 - x1, 1), output_size[1])]
        pooled[n] = pool_bins(features[int(roi[0])], rows, cols)
    return pooled
