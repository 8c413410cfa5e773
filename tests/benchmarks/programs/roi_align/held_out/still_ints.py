# faults: still_quantized + square_outputs_only
# style: starts from the pooling layer, P bins a side
# rest: right/notebook.py
import math

import numpy as np


def box_on_map(box, spatial_scale, aligned):
    x1, y1, x2, y2 = [math.floor(float(c) * spatial_scale) for c in box]
    h, w = y2 - y1, x2 - x1
    if aligned:
        return y1 - 0.5, x1 - 0.5, float(h), float(w)
    return float(y1), float(x1), float(max(h, 1)), float(max(w, 1))


def roi_align(features, rois, output_size, spatial_scale=1.0, sampling_ratio=2, aligned=True, mode="avg"):
    P = output_size[0]
    out = []
    for roi in rois:
        y, x, h, w = box_on_map(roi[1:], spatial_scale, aligned)
        n = m = sampling_ratio
        if sampling_ratio <= 0:
            n, m = max(math.ceil(h / P), 0), max(math.ceil(w / P), 0)
        ys, xs = sample_points(y, h, P, n), sample_points(x, w, P, m)
        out.append(sample_bins(features[int(roi[0])], ys, xs, mode))
    return np.array(out, dtype=features.dtype).reshape(-1, features.shape[1], P, P)
