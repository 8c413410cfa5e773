# faults: half_pixel_twice
# style: C port with the offset in the box and in the grid
# rest: right/c_like.py
from math import ceil

import numpy as np


def roi_align(features, rois, output_size, spatial_scale=1.0, sampling_ratio=2, aligned=True, mode="avg"):
    pooled_height, pooled_width = output_size
    offset = 0.5 if aligned else 0.0
    output = np.zeros((len(rois), features.shape[1], pooled_height, pooled_width), dtype=features.dtype)
    for n in range(len(rois)):
        start_h, start_w, roi_h, roi_w = box_on_map(rois[n, 1:], spatial_scale, aligned)
        grid_h = sampling_ratio if sampling_ratio > 0 else max(ceil(roi_h / pooled_height), 0)
        grid_w = sampling_ratio if sampling_ratio > 0 else max(ceil(roi_w / pooled_width), 0)
        y = sample_points(start_h, roi_h, pooled_height, grid_h) - offset
        x = sample_points(start_w, roi_w, pooled_width, grid_w) - offset
        output[n] = sample_bins(features[int(rois[n, 0])], y, x, mode)
    return output
