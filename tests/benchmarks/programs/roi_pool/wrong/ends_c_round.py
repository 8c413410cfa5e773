# faults: nearest_ends
# style: C's round in Python, float maths module
# rest: right/monolith.py
import math

import numpy as np


def rnd(a):
    if a >= 0:
        return int(math.floor(a + 0.5))
    return int(math.ceil(a - 0.5))


def quantize_roi(roi, spatial_scale):
    return [rnd(roi[i] * spatial_scale) for i in range(4)]


def roi_pool(features, rois, output_size, spatial_scale):
    PH, PW = output_size
    top = np.zeros((len(rois), features.shape[1], PH, PW), dtype=features.dtype)
    for n in range(len(rois)):
        x1, y1, x2, y2 = quantize_roi(rois[n][1:], spatial_scale)
        rows = [(y1 + a, y1 + b) for (a, b) in bin_edges(max(y2 - y1, 1), PH)]
        cols = [(x1 + a, x1 + b) for (a, b) in bin_edges(max(x2 - x1, 1), PW)]
        top[n] = pool_bins(features[int(rois[n][0])], rows, cols)
    return top
