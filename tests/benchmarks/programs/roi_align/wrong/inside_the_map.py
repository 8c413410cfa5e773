# faults: clipped_to_the_map
# style: np.clip of the boxes before anything else
# rest: right/notebook.py
import numpy as np


def roi_align(features, rois, output_size, spatial_scale=1.0, sampling_ratio=2, aligned=True, mode="avg"):
    _, C, H, W = features.shape
    PH, PW = output_size
    out = np.zeros((len(rois), C, PH, PW), dtype=features.dtype)
    for k, roi in enumerate(rois):
        x1, x2 = np.clip(roi[[1, 3]] * spatial_scale, 0, W)
        y1, y2 = np.clip(roi[[2, 4]] * spatial_scale, 0, H)
        y, x, h, w = box_on_map([x1, y1, x2, y2], 1.0, aligned)
        ny = sampling_ratio if sampling_ratio > 0 else max(int(np.ceil(h / PH)), 0)
        nx = sampling_ratio if sampling_ratio > 0 else max(int(np.ceil(w / PW)), 0)
        out[k] = sample_bins(
            features[int(roi[0])], sample_points(y, h, PH, ny), sample_points(x, w, PW, nx), mode
        )
    return out
