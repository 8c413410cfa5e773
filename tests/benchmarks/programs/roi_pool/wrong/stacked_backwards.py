# faults: rows_reversed
# style: recursion that appends after it comes back
# rest: right/recursive.py
import numpy as np


def roi_pool(features, rois, output_size, spatial_scale):
    if len(rois) == 0:
        return np.zeros((0, features.shape[1]) + tuple(output_size), dtype=features.dtype)
    rest = roi_pool(features, rois[1:], output_size, spatial_scale)
    return np.concatenate([rest, one_roi(features, rois[0], output_size, spatial_scale)])
