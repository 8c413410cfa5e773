# faults: truncated_bins + output_size_swapped
# style: output_size read as (width, height), truncating split
# rest: right/generators.py
import numpy as np


def roi_pool(features, rois, output_size, spatial_scale):
    w, h = output_size
    out = np.zeros((len(rois), features.shape[1], h, w), features.dtype)
    for k, p in enumerate(pooled(features, rois, quantize_roi, bin_edges_truncate, h, w, spatial_scale)):
        out[k] = p
    return out
