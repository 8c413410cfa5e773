# faults: roi_number_as_image
# style: the counter of the loop picks the image
# rest: right/loops.py
import math

import numpy as np


def roi_align(features, rois, output_size, spatial_scale=1.0, sampling_ratio=2, aligned=True, mode="avg"):
    PH, PW = output_size
    pooled = []
    for i in range(len(rois)):
        y, x, h, w = box_on_map(rois[i, 1:], spatial_scale, aligned)
        ny = nx = sampling_ratio
        if sampling_ratio <= 0:
            ny, nx = max(math.ceil(h / PH), 0), max(math.ceil(w / PW), 0)
        pooled.append(
            sample_bins(features[i], sample_points(y, h, PH, ny), sample_points(x, w, PW, nx), mode)
        )
    return np.array(pooled, dtype=features.dtype).reshape(len(rois), features.shape[1], PH, PW)
