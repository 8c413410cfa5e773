# faults: only_first_roi
# style: the return is indented too far
# rest: right/notebook.py
import numpy as np


def roi_align(features, rois, output_size, spatial_scale=1.0, sampling_ratio=2, aligned=True, mode="avg"):
    PH, PW = output_size
    result = []
    for roi in rois:
        y, x, h, w = box_on_map(roi[1:], spatial_scale, aligned)
        ny = sampling_ratio if sampling_ratio > 0 else max(int(np.ceil(h / PH)), 0)
        nx = sampling_ratio if sampling_ratio > 0 else max(int(np.ceil(w / PW)), 0)
        rows, columns = sample_points(y, h, PH, ny), sample_points(x, w, PW, nx)
        result.append(sample_bins(features[int(roi[0])], rows, columns, mode))
        return np.array(result, dtype=features.dtype)
    return np.zeros((0, features.shape[1], PH, PW), dtype=features.dtype)
