# faults: x_and_y_swapped + halves_to_even + overlapping_bins
# style: homework of a vision course
# rest: right/caffe_c.py
import numpy as np


def quantize_roi(roi, spatial_scale):
    return tuple(int(np.round(v * spatial_scale)) for v in roi)


def roi_pool(features, rois, output_size, spatial_scale):
    n_rows, n_cols = output_size
    out = np.zeros((len(rois), features.shape[1], n_rows, n_cols), dtype=features.dtype)
    for k, roi in enumerate(rois):
        r1, c1, r2, c2 = quantize_roi(roi[1:], spatial_scale)
        rows = [(r1 + a, r1 + b) for a, b in bin_edges_overlap(max(r2 - r1, 1), n_rows)]
        cols = [(c1 + a, c1 + b) for a, b in bin_edges_overlap(max(c2 - c1, 1), n_cols)]
        out[k] = pool_bins(features[int(roi[0])], rows, cols)
    return out
