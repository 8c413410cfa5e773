# faults: caffe_disjoint_bins
# style: copy of roi_pool with the quantizer exchanged
# rest: right/loops.py
import numpy as np


def roi_pool_caffe(features, rois, output_size, spatial_scale):
    out = np.zeros((rois.shape[0], features.shape[1]) + tuple(output_size), dtype=features.dtype)
    for k in range(rois.shape[0]):
        x1, y1, x2, y2 = quantize_roi_caffe(rois[k, 1:5], spatial_scale)
        rows = [(y1 + a, y1 + b) for a, b in bin_edges(max(y2 - y1, 1), output_size[0])]
        cols = [(x1 + a, x1 + b) for a, b in bin_edges(max(x2 - x1, 1), output_size[1])]
        out[k] = pool_bins(features[int(rois[k, 0])], rows, cols)
    return out
