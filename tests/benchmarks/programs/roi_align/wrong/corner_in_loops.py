# faults: from_the_bins_corner
# style: six loops, the samples counted in the innermost
# rest: right/loops.py
import math

import numpy as np


def roi_align(features, rois, output_size, spatial_scale=1.0, sampling_ratio=2, aligned=True, mode="avg"):
    N, C, H, W = features.shape
    PH, PW = output_size
    out = np.zeros((len(rois), C, PH, PW), dtype=features.dtype)
    for k, (b, x1, y1, x2, y2) in enumerate(rois):
        x1, y1, x2, y2 = x1 * spatial_scale, y1 * spatial_scale, x2 * spatial_scale, y2 * spatial_scale
        h, w = y2 - y1, x2 - x1
        if aligned:
            y1, x1 = y1 - 0.5, x1 - 0.5
        else:
            h, w = max(h, 1.0), max(w, 1.0)
        rh = sampling_ratio if sampling_ratio > 0 else math.ceil(h / PH)
        rw = sampling_ratio if sampling_ratio > 0 else math.ceil(w / PW)
        for i in range(PH):
            for j in range(PW):
                bag = []
                for a in range(rh):
                    for c in range(rw):
                        y = y1 + i * h / PH + a * (h / PH / rh)
                        x = x1 + j * w / PW + c * (w / PW / rw)
                        bag.append(bilinear_interpolate(features[int(b)], y, x))
                if bag:
                    out[k, :, i, j] = sum(bag) / len(bag) if mode == "avg" else np.max(bag, axis=0)
    return out
