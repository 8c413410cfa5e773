# faults: clipped_before_the_bins
# style: np.clip on the quantized boxes, so that slices are safe
# rest: right/masked_arrays.py
import numpy as np


def roi_pool(features, rois, output_size, spatial_scale):
    N, C, H, W = features.shape
    out = np.zeros((len(rois), C, output_size[0], output_size[1]), features.dtype)
    for k, roi in enumerate(rois):
        x1, y1, x2, y2 = quantize_roi(roi[1:], spatial_scale)
        x1, x2 = np.clip([x1, x2], 0, W)
        y1, y2 = np.clip([y1, y2], 0, H)
        rows = [(y1 + a, y1 + b) for a, b in bin_edges(max(y2 - y1, 1), output_size[0])]
        cols = [(x1 + a, x1 + b) for a, b in bin_edges(max(x2 - x1, 1), output_size[1])]
        out[k] = pool_bins(features[int(roi[0])], rows, cols)
    return out
