# faults: nearest_ends + inclusive_ends
# style: Caffe's box with disjoint bins
# rest: right/recursive.py
import numpy as np


def one_roi(features, roi, output_size, spatial_scale):
    left, top, right, bottom = [
        int(np.copysign(np.floor(abs(v) + 0.5), v)) for v in np.asarray(roi[1:], dtype=np.float64) * spatial_scale
    ]
    width = max(right - left + 1, 1)
    height = max(bottom - top + 1, 1)
    rows = [(a + top, b + top) for a, b in bin_edges(height, output_size[0])]
    cols = [(a + left, b + left) for a, b in bin_edges(width, output_size[1])]
    return pool_bins(features[int(roi[0])], rows, cols)[None]
