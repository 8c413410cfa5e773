# faults: clipped_before_the_bins + overlapping_bins
# style: loops, ifs, crop first, then adaptive bins
# rest: right/loops.py
import numpy as np


def roi_pool(features, rois, output_size, spatial_scale):
    N, C, H, W = features.shape
    PH, PW = output_size
    out = np.zeros((rois.shape[0], C, PH, PW), dtype=features.dtype)
    for k in range(rois.shape[0]):
        x1, y1, x2, y2 = quantize_roi(rois[k, 1:], spatial_scale)
        if x1 < 0: x1 = 0
        if y1 < 0: y1 = 0
        if x2 > W: x2 = W
        if y2 > H: y2 = H
        w = x2 - x1
        h = y2 - y1
        if w < 1: w = 1
        if h < 1: h = 1
        rows = []
        for s, e in bin_edges_overlap(h, PH):
            rows.append((y1 + s, y1 + e))
        cols = []
        for s, e in bin_edges_overlap(w, PW):
            cols.append((x1 + s, x1 + e))
        out[k] = pool_bins(features[int(rois[k, 0])], rows, cols)
    return out
