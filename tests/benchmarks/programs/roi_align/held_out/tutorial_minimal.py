# faults: one_sample + half_pixel_forgotten
# style: minimal tutorial version, arguments accepted and not used
# rest: right/loops.py
import numpy as np


def box_on_map(box, spatial_scale, aligned):
    x1, y1, x2, y2 = [v * spatial_scale for v in box]
    if aligned:
        return y1, x1, y2 - y1, x2 - x1
    return y1, x1, max(y2 - y1, 1.0), max(x2 - x1, 1.0)


def roi_align(features, rois, output_size, spatial_scale=1.0, sampling_ratio=2, aligned=True, mode="avg"):
    PH, PW = output_size
    out = np.zeros((len(rois), features.shape[1], PH, PW), dtype=features.dtype)
    for k in range(len(rois)):
        y, x, h, w = box_on_map(rois[k, 1:], spatial_scale, aligned)
        ys = sample_points(y, h, PH, 1)
        xs = sample_points(x, w, PW, 1)
        out[k] = sample_bins(features[int(rois[k, 0])], ys, xs, mode)
    return out
