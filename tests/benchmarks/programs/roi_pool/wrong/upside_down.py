# faults: y_from_below
# style: y axis up, as in a plot
# rest: right/classes.py
import numpy as np


def roi_pool(features, rois, output_size, spatial_scale):
    H = features.shape[2]
    out = np.zeros((len(rois), features.shape[1]) + tuple(output_size), dtype=features.dtype)
    for k, roi in enumerate(rois):
        x1, y1, x2, y2 = quantize_roi(roi[1:], spatial_scale)
        top, bottom = H - y2, H - y1
        rows = [(top + a, top + b) for a, b in bin_edges(max(bottom - top, 1), output_size[0])]
        cols = [(x1 + a, x1 + b) for a, b in bin_edges(max(x2 - x1, 1), output_size[1])]
        out[k] = pool_bins(features[int(roi[0])], rows, cols)
    return out
