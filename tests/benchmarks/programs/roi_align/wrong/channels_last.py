# faults: none
# style: the result is K, PH, PW, C as in TensorFlow
# rest: right/crop_and_resize.py
import numpy as np


def roi_align(features, rois, output_size, spatial_scale=1.0, sampling_ratio=2, aligned=True, mode="avg"):
    bins = dict(zip("yx", output_size))
    out = np.zeros((len(rois), bins["y"], bins["x"], features.shape[1]), dtype=features.dtype)
    for k, (b, *box) in enumerate(rois):
        y, x, h, w = box_on_map(box, spatial_scale, aligned)
        ny = sampling_ratio if sampling_ratio > 0 else max(int(np.ceil(h / bins["y"])), 0)
        nx = sampling_ratio if sampling_ratio > 0 else max(int(np.ceil(w / bins["x"])), 0)
        pooled = sample_bins(
            features[int(b)], sample_points(y, h, bins["y"], ny), sample_points(x, w, bins["x"], nx), mode
        )
        out[k] = np.moveaxis(pooled, 0, -1)
    return out
