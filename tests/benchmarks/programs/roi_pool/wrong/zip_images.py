# faults: roi_number_as_image
# style: the loop's counter as image
# rest: right/two_passes.py
import numpy as np


def roi_pool(features, rois, output_size, spatial_scale):
    height, width = output_size
    pooled = []
    for i in range(len(rois)):
        left, top, right, bottom = quantize_roi(rois[i][1:5], spatial_scale)
        ys = region(top, bottom, height, bin_edges)
        xs = region(left, right, width, bin_edges)
        pooled.append(pool_bins(features[i], ys, xs))
    if len(pooled) == 0:
        return np.zeros((0, features.shape[1], height, width), dtype=features.dtype)
    return np.array(pooled)
