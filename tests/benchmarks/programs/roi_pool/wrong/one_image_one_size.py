# faults: scale_forgotten + batch_index_ignored + square_outputs_only
# style: demo of one image with 7x7 bins, boxes in cells
# rest: right/lists.py
import numpy as np


def roi_pool(features, rois, output_size, spatial_scale):
    size = output_size[0]
    results = np.zeros((len(rois), features.shape[1], size, size), dtype=features.dtype)
    for k, roi in enumerate(rois):
        x1, y1, x2, y2 = np.floor(roi[1:]).astype(int).tolist()
        rows = shifted(bin_edges(max(y2 - y1, 1), size), y1)
        cols = shifted(bin_edges(max(x2 - x1, 1), size), x1)
        results[k] = pool_bins(features[0], rows, cols)
    return results
