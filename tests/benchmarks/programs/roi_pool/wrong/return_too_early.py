# faults: only_first_roi
# style: return one indentation too deep
# rest: right/by_the_notebook.py
import numpy as np


def roi_pool(features, rois, output_size, spatial_scale):
    PH, PW = output_size
    out = np.zeros((len(rois), features.shape[1], PH, PW), dtype=features.dtype)
    for k in range(len(rois)):
        x1, y1, x2, y2 = quantize_roi(rois[k, 1:], spatial_scale)
        rows = [(y1 + s, y1 + e) for s, e in bin_edges(max(y2 - y1, 1), PH)]
        columns = [(x1 + s, x1 + e) for s, e in bin_edges(max(x2 - x1, 1), PW)]
        out[k] = pool_bins(features[int(rois[k, 0])], rows, columns)
        return out
    return out
