# faults: x_and_y_swapped + batch_index_ignored
# style: vectorized, one image
# rest: right/notebook.py
import numpy as np


def box_on_map(box, spatial_scale, aligned):
    start, end = np.asarray(box[:2], float) * spatial_scale, np.asarray(box[2:], float) * spatial_scale
    size = end - start if aligned else np.maximum(end - start, 1.0)
    start = start - 0.5 if aligned else start
    return (start[0], start[1], size[0], size[1])


def roi_align(features, rois, output_size, spatial_scale=1.0, sampling_ratio=2, aligned=True, mode="avg"):
    PH, PW = output_size
    out = np.zeros((len(rois), features.shape[1], PH, PW), features.dtype)
    for k in range(len(rois)):
        y, x, h, w = box_on_map(rois[k][1:], spatial_scale, aligned)
        ny = sampling_ratio if sampling_ratio > 0 else max(int(np.ceil(h / PH)), 0)
        nx = sampling_ratio if sampling_ratio > 0 else max(int(np.ceil(w / PW)), 0)
        out[k] = sample_bins(features[0], sample_points(y, h, PH, ny), sample_points(x, w, PW, nx), mode)
    return out
