# faults: square_outputs_only
# style: pooled_size = output_size[0]
# rest: right/notebook.py
import numpy as np


def roi_align(features, rois, output_size, spatial_scale=1.0, sampling_ratio=2, aligned=True, mode="avg"):
    P = output_size[0]
    result = np.zeros((len(rois), features.shape[1], P, P), dtype=features.dtype)
    for k, roi in enumerate(rois):
        y, x, h, w = box_on_map(roi[1:], spatial_scale, aligned)
        ny = sampling_ratio if sampling_ratio > 0 else max(int(np.ceil(h / P)), 0)
        nx = sampling_ratio if sampling_ratio > 0 else max(int(np.ceil(w / P)), 0)
        result[k] = sample_bins(
            features[int(roi[0])], sample_points(y, h, P, ny), sample_points(x, w, P, nx), mode
        )
    return result
