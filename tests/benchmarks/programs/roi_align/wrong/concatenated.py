# faults: rois_on_channel_axis
# style: np.concatenate along axis 0, one batch in front
# rest: right/notebook.py
import numpy as np


def roi_align(features, rois, output_size, spatial_scale=1.0, sampling_ratio=2, aligned=True, mode="avg"):
    PH, PW = output_size
    maps = [np.zeros((0, PH, PW), dtype=features.dtype)]
    for roi in rois:
        y, x, h, w = box_on_map(roi[1:], spatial_scale, aligned)
        ny = sampling_ratio if sampling_ratio > 0 else max(int(np.ceil(h / PH)), 0)
        nx = sampling_ratio if sampling_ratio > 0 else max(int(np.ceil(w / PW)), 0)
        maps.append(
            sample_bins(features[int(roi[0])], sample_points(y, h, PH, ny), sample_points(x, w, PW, nx), mode)
        )
    return np.concatenate(maps, axis=0)[None]
