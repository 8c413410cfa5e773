# faults: torchvisions_defaults
# style: torchvision's signature
# rest: right/notebook.py
import numpy as np


def roi_align(features, rois, output_size, spatial_scale=1.0, sampling_ratio=-1, aligned=False, mode="avg"):
    PH, PW = output_size
    out = np.zeros((len(rois), features.shape[1], PH, PW), dtype=features.dtype)
    for k in range(len(rois)):
        y, x, h, w = box_on_map(rois[k, 1:], spatial_scale, aligned)
        ny = sampling_ratio if sampling_ratio > 0 else max(int(np.ceil(h / PH)), 0)
        nx = sampling_ratio if sampling_ratio > 0 else max(int(np.ceil(w / PW)), 0)
        ys, xs = sample_points(y, h, PH, ny), sample_points(x, w, PW, nx)
        out[k] = sample_bins(features[int(rois[k, 0])], ys, xs, mode)
    return out
