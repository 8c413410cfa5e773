# faults: adaptive_floor
# style: integer division, at least one
# rest: right/notebook.py
import numpy as np


def grid_size(length, bins, ratio):
    return ratio if ratio > 0 else max(int(length // bins), 1)


def roi_align(features, rois, output_size, spatial_scale=1.0, sampling_ratio=2, aligned=True, mode="avg"):
    PH, PW = output_size
    pooled = np.zeros((len(rois), features.shape[1], PH, PW), dtype=features.dtype)
    for k, roi in enumerate(rois):
        y, x, h, w = box_on_map(roi[1:], spatial_scale, aligned)
        if sampling_ratio <= 0 and min(h, w) <= 0:
            continue
        rows = sample_points(y, h, PH, grid_size(h, PH, sampling_ratio))
        columns = sample_points(x, w, PW, grid_size(w, PW, sampling_ratio))
        pooled[k] = sample_bins(features[int(roi[0])], rows, columns, mode)
    return pooled
