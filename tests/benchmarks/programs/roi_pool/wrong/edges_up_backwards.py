# faults: bin_edges_rounded_up + rows_reversed
# style: math.ceil of both ends; results pushed to the front
# rest: right/monolith.py
import math

import numpy as np


def bin_edges(length, bins):
    return [(math.ceil(p * length / bins), math.ceil((p + 1) * length / bins)) for p in range(bins)]


def roi_pool(features, rois, output_size, spatial_scale):
    out = []
    for roi in rois:
        x1, y1, x2, y2 = quantize_roi(roi[1:], spatial_scale)
        rows = [(y1 + s, y1 + e) for s, e in bin_edges(max(y2 - y1, 1), output_size[0])]
        cols = [(x1 + s, x1 + e) for s, e in bin_edges(max(x2 - x1, 1), output_size[1])]
        out.insert(0, pool_bins(features[int(roi[0])], rows, cols))
    return np.array(out, dtype=features.dtype).reshape(len(rois), features.shape[1], *output_size)
