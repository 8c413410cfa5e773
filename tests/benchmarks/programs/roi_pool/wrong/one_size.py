# faults: square_outputs_only
# style: one number for both axes
# rest: right/scatter.py
import numpy as np


def roi_pool(features, rois, output_size, spatial_scale):
    P = output_size[0]
    result = np.zeros((len(rois), features.shape[1], P, P), dtype=features.dtype)
    for k, roi in enumerate(rois):
        x1, y1, x2, y2 = quantize_roi(roi[1:], spatial_scale)
        rows = [(a + y1, b + y1) for a, b in bin_edges(max(y2 - y1, 1), P)]
        columns = [(a + x1, b + x1) for a, b in bin_edges(max(x2 - x1, 1), P)]
        result[k] = pool_bins(features[int(roi[0])], rows, columns)
    return result
