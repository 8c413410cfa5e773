# faults: inclusive_ends + clipped_before_the_bins
# style: a closure for the region, plus one as in Matlab
# rest: right/by_the_notebook.py
import numpy as np


def quantize_roi(roi, spatial_scale):
    x1, y1, x2, y2 = [int(np.floor(v * spatial_scale)) for v in np.asarray(roi, float)]
    return x1, y1, x2 + 1, y2 + 1


def roi_pool(features, rois, output_size, spatial_scale):
    H, W = features.shape[2:]

    def region(roi):
        x1, y1, x2, y2 = quantize_roi(roi[1:], spatial_scale)
        x2, y2 = max(x2, x1 + 1), max(y2, y1 + 1)
        return max(0, x1), max(0, y1), max(0, min(x2, W)), max(0, min(y2, H))

    result = np.zeros((len(rois), features.shape[1]) + tuple(output_size), features.dtype)
    for k, roi in enumerate(rois):
        x1, y1, x2, y2 = region(roi)
        rows = [(y1 + s, y1 + e) for s, e in bin_edges(max(y2 - y1, 0), output_size[0])]
        columns = [(x1 + s, x1 + e) for s, e in bin_edges(max(x2 - x1, 0), output_size[1])]
        result[k] = pool_bins(features[int(roi[0])], rows, columns)
    return result
