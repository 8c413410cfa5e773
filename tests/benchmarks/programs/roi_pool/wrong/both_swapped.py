# faults: x_and_y_swapped + output_size_swapped
# style: everything read as (y, x) and (w, h)
# rest: right/slices.py
import numpy as np


def roi_pool(features, rois, output_size, spatial_scale):
    pool_w, pool_h = output_size
    out = np.zeros((len(rois), features.shape[1], pool_h, pool_w), dtype=features.dtype)
    for k, roi in enumerate(rois):
        top, left, bottom, right = quantize_roi(roi[1:], spatial_scale)
        rows = np.array(bin_edges(max(bottom - top, 1), pool_h)) + top
        columns = np.array(bin_edges(max(right - left, 1), pool_w)) + left
        out[k] = pool_bins(features[int(roi[0])], rows, columns)
    return out
