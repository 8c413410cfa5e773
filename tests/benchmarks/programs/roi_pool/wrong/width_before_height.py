# faults: output_size_swapped
# style: output_size taken for (width, height)
# rest: right/slices.py
import numpy as np


def roi_pool(features, rois, output_size, spatial_scale):
    size = (output_size[1], output_size[0])
    return pool_with(features, rois, size, spatial_scale, quantize_roi, bin_edges)
