# faults: adaptive_floor + always_average
# style: adaptive by integer division, np.mean
# rest: right/notebook.py
import numpy as np


def sample_bins(feature_map, y, x, mode):
    values = bilinear_interpolate(feature_map, y[:, None, :, None], x[None, :, None, :])
    return values.mean(axis=(3, 4)) if values.size else np.zeros(values.shape[:3], feature_map.dtype)


def roi_align(features, rois, output_size, spatial_scale=1.0, sampling_ratio=2, aligned=True, mode="avg"):
    PH, PW = output_size
    out = np.zeros((len(rois), features.shape[1], PH, PW), features.dtype)
    for k, roi in enumerate(rois):
        y, x, h, w = box_on_map(roi[1:], spatial_scale, aligned)
        if sampling_ratio > 0:
            ny = nx = sampling_ratio
        elif h <= 0 or w <= 0:
            continue
        else:
            ny, nx = max(1, int(h / PH)), max(1, int(w / PW))
        out[k] = sample_bins(
            features[int(roi[0])], sample_points(y, h, PH, ny), sample_points(x, w, PW, nx), mode
        )
    return out
