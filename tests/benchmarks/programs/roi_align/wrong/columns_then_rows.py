# faults: output_transposed
# style: einsum with the output's letters the wrong way round
# rest: right/matrices.py
import numpy as np


def roi_align(features, rois, output_size, spatial_scale=1.0, sampling_ratio=2, aligned=True, mode="avg"):
    PH, PW = output_size
    out = np.zeros((len(rois), features.shape[1], PW, PH), dtype=features.dtype)
    for k, roi in enumerate(rois):
        y, x, h, w = box_on_map(roi[1:], spatial_scale, aligned)
        n = [sampling_ratio] * 2
        if sampling_ratio <= 0:
            n = [max(int(np.ceil(h / PH)), 0), max(int(np.ceil(w / PW)), 0)]
        ys, xs = sample_points(y, h, PH, n[0]), sample_points(x, w, PW, n[1])
        out[k] = np.einsum("cij->cji", sample_bins(features[int(roi[0])], ys, xs, mode))
    return out
