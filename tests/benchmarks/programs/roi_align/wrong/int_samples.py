# faults: adaptive_floor
# style: a generator of boxes, int() of the quotient
# rest: right/generators.py
import numpy as np


def roi_align(features, rois, output_size, spatial_scale=1.0, sampling_ratio=2, aligned=True, mode="avg"):
    out = np.zeros((len(rois), features.shape[1], *output_size), dtype=features.dtype)
    for k, (image, *box) in enumerate(rois):
        y, x, *size = box_on_map(box, spatial_scale, aligned)
        ny, nx = [
            sampling_ratio if sampling_ratio > 0 else max(int(s / b), 0) for s, b in zip(size, output_size)
        ]
        points = sample_points(y, size[0], output_size[0], ny), sample_points(x, size[1], output_size[1], nx)
        out[k] = sample_bins(features[int(image)], *points, mode)
    return out
