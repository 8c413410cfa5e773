# faults: ratio_is_the_total
# style: the number of samples is split over the axes
# rest: right/notebook.py
import numpy as np


def roi_align(features, rois, output_size, spatial_scale=1.0, sampling_ratio=2, aligned=True, mode="avg"):
    PH, PW = output_size
    out = np.zeros((len(rois), features.shape[1], PH, PW), dtype=features.dtype)
    for k, roi in enumerate(rois):
        y, x, h, w = box_on_map(roi[1:], spatial_scale, aligned)
        if sampling_ratio > 0:
            ny = nx = max(int(np.sqrt(sampling_ratio)), 1)
        else:
            ny, nx = (max(int(np.ceil(length / n)), 0) for length, n in ((h, PH), (w, PW)))
        rows, columns = sample_points(y, h, PH, ny), sample_points(x, w, PW, nx)
        out[k] = sample_bins(features[int(roi[0])], rows, columns, mode)
    return out
