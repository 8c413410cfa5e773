# faults: x_and_y_swapped
# style: box read as y1, x1, y2, x2
# rest: right/by_the_notebook.py
import numpy as np


def roi_pool(features, rois, output_size, spatial_scale):
    n_h, n_w = output_size
    out = np.zeros((len(rois), features.shape[1], n_h, n_w), dtype=features.dtype)
    for k, roi in enumerate(rois):
        y1, x1, y2, x2 = quantize_roi(roi[1:], spatial_scale)
        rows = [(y1 + a, y1 + b) for a, b in bin_edges(max(y2 - y1, 1), n_h)]
        cols = [(x1 + a, x1 + b) for a, b in bin_edges(max(x2 - x1, 1), n_w)]
        out[k] = pool_bins(features[int(roi[0])], rows, cols)
    return out
