# faults: none
# style: columns from right to left
# rest: right/generators.py
import numpy as np


def roi_pool(features, rois, output_size, spatial_scale):
    out = np.zeros((len(rois), features.shape[1], *output_size), features.dtype)
    for k, maxima in enumerate(pooled(features, rois, quantize_roi, bin_edges, *output_size, spatial_scale)):
        out[k] = maxima[:, :, ::-1]
    return out
