# faults: scaled_twice + image_number_scaled
# style: the whole array scaled, then each box again
# rest: right/loops.py
import math

import numpy as np


def roi_align(features, rois, output_size, spatial_scale=1.0, sampling_ratio=2, aligned=True, mode="avg"):
    PH, PW = output_size
    rois = np.array(rois) * spatial_scale
    out = np.zeros((rois.shape[0], features.shape[1], PH, PW), dtype=features.dtype)
    for k in range(rois.shape[0]):
        batch = int(rois[k, 0])
        y, x, h, w = box_on_map(rois[k, 1:5], spatial_scale, aligned)
        n_h = sampling_ratio if sampling_ratio > 0 else max(math.ceil(h / PH), 0)
        n_w = sampling_ratio if sampling_ratio > 0 else max(math.ceil(w / PW), 0)
        out[k] = sample_bins(
            features[batch], sample_points(y, h, PH, n_h), sample_points(x, w, PW, n_w), mode
        )
    return out
