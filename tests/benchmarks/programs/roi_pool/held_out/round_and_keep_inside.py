# faults: halves_to_even + last_row_lost
# style: built-in round, min and max, all in roi_pool
# rest: right/loops.py
import numpy as np


def quantize_roi(roi, spatial_scale):
    return tuple(round(float(c) * spatial_scale) for c in roi)


def roi_pool(features, rois, output_size, spatial_scale):
    N, C, H, W = features.shape
    PH, PW = output_size
    out = np.zeros((len(rois), C, PH, PW), dtype=features.dtype)
    for k, roi in enumerate(rois):
        fmap = features[int(roi[0])]
        x1, y1, x2, y2 = quantize_roi(roi[1:], spatial_scale)
        w, h = max(x2 - x1, 1), max(y2 - y1, 1)
        rows, cols = [], []
        for s, e in bin_edges(h, PH):
            rows.append((max(y1 + s, 0), min(y1 + e, H - 1)))
        for s, e in bin_edges(w, PW):
            cols.append((max(x1 + s, 0), min(x1 + e, W - 1)))
        out[k] = pool_bins(fmap, rows, cols)
    return out
