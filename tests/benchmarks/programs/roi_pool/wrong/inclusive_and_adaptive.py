# faults: inclusive_ends + overlapping_bins
# style: "end exclusive, so + 1", and the other split
# rest: right/functional.py
import numpy as np


def quantize_roi(roi, spatial_scale):
    q = np.floor(np.asarray(roi, np.float64) * spatial_scale).astype(int)
    return q[0], q[1], q[2] + 1, q[3] + 1


roi_pool = lambda features, rois, output_size, spatial_scale: layer(
    quantize_roi, bin_edges_overlap, features, rois, output_size, spatial_scale
)
