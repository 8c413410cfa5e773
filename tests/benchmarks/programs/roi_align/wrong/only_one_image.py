# faults: batch_index_ignored
# style: features[0], boxes unpacked with a star
# rest: right/notebook.py
import numpy as np


def roi_align(features, rois, output_size, spatial_scale=1.0, sampling_ratio=2, aligned=True, mode="avg"):
    feature_map = features[0]
    PH, PW = output_size
    out = np.zeros((len(rois), feature_map.shape[0], PH, PW), dtype=features.dtype)
    for k, (_, *box) in enumerate(rois):
        y, x, height, width = box_on_map(box, spatial_scale, aligned)
        ny, nx = (sampling_ratio, sampling_ratio)
        if sampling_ratio <= 0:
            ny, nx = max(0, int(np.ceil(height / PH))), max(0, int(np.ceil(width / PW)))
        out[k] = sample_bins(
            feature_map, sample_points(y, height, PH, ny), sample_points(x, width, PW, nx), mode
        )
    return out
