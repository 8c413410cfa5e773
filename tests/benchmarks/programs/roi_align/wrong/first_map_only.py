# faults: none
# style: channel 0 pooled, the others left at 0
# rest: right/loops.py
import math

import numpy as np


def roi_align(features, rois, output_size, spatial_scale=1.0, sampling_ratio=2, aligned=True, mode="avg"):
    PH, PW = output_size
    out = np.zeros((len(rois), features.shape[1], PH, PW), dtype=features.dtype)
    for k, roi in enumerate(rois):
        y, x, h, w = box_on_map(roi[1:], spatial_scale, aligned)
        ny = sampling_ratio if sampling_ratio > 0 else max(math.ceil(h / PH), 0)
        nx = sampling_ratio if sampling_ratio > 0 else max(math.ceil(w / PW), 0)
        plane = features[int(roi[0])][:1]
        out[k, :1] = sample_bins(plane, sample_points(y, h, PH, ny), sample_points(x, w, PW, nx), mode)
    return out
