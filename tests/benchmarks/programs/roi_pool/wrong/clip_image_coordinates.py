# faults: clipped_before_scaling
# style: boxes clipped to (W, H) of the map while still in pixels
# rest: right/slices.py
import numpy as np


def roi_pool(features, rois, output_size, spatial_scale):
    N, C, H, W = features.shape
    rois = rois.copy()
    rois[:, [1, 3]] = rois[:, [1, 3]].clip(0, W)
    rois[:, [2, 4]] = rois[:, [2, 4]].clip(0, H)
    return pool_with(features, rois, output_size, spatial_scale, quantize_roi, bin_edges)
