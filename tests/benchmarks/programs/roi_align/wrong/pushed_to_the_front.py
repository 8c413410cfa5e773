# faults: rows_reversed
# style: results inserted at the front
# rest: right/plain_lists.py
import math

import numpy as np


def roi_align(features, rois, output_size, spatial_scale=1.0, sampling_ratio=2, aligned=True, mode="avg"):
    PH, PW = output_size
    stack = []
    for image, *box in rois.tolist():
        y, x, h, w = box_on_map(box, spatial_scale, aligned)
        ny = sampling_ratio if sampling_ratio > 0 else max(math.ceil(h / PH), 0)
        nx = sampling_ratio if sampling_ratio > 0 else max(math.ceil(w / PW), 0)
        pooled = sample_bins(
            features[int(image)], sample_points(y, h, PH, ny), sample_points(x, w, PW, nx), mode
        )
        stack.insert(0, pooled)
    return np.array(stack, dtype=features.dtype).reshape(-1, features.shape[1], PH, PW)
