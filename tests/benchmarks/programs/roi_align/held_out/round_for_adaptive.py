# faults: none
# style: short, the number of samples by round
# rest: right/notebook.py
import numpy as np


def roi_align(features, rois, output_size, spatial_scale=1.0, sampling_ratio=2, aligned=True, mode="avg"):
    PH, PW = output_size
    out = np.zeros((len(rois), features.shape[1], PH, PW), dtype=features.dtype)
    for k, roi in enumerate(rois):
        y, x, h, w = box_on_map(roi[1:], spatial_scale, aligned)
        # about one sample for each cell
        ny = sampling_ratio if sampling_ratio > 0 else max(int(round(h / PH)), 0)
        nx = sampling_ratio if sampling_ratio > 0 else max(int(round(w / PW)), 0)
        out[k] = sample_bins(features[int(roi[0])], sample_points(y, h, PH, ny), sample_points(x, w, PW, nx), mode)
    return out
