# faults: integer_output
# style: np.zeros of int in the layer
# rest: right/scatter.py
import numpy as np


def roi_pool(features, rois, output_size, spatial_scale):
    K, C = len(rois), features.shape[1]
    PH, PW = output_size
    result = np.zeros((K, C, PH, PW), dtype=int)
    for k, roi in enumerate(rois):
        x1, y1, x2, y2 = quantize_roi(roi[1:], spatial_scale)
        rows = [(a + y1, b + y1) for a, b in bin_edges(max(y2 - y1, 1), PH)]
        columns = [(a + x1, b + x1) for a, b in bin_edges(max(x2 - x1, 1), PW)]
        result[k] = pool_bins(features[int(roi[0])], rows, columns)
    return result
