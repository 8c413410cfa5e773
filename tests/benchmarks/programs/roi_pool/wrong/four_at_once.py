# faults: x_and_y_swapped + nearest_ends + overlapping_bins + channels_mixed
# style: everything in one function and a single .max()
# rest: right/masks.py
import numpy as np


def roi_pool(features, rois, output_size, spatial_scale):
    B, C, H, W = features.shape
    h, w = output_size
    out = np.zeros((len(rois), C, h, w), dtype=features.dtype)
    for k in range(len(rois)):
        scaled = rois[k, 1:] * spatial_scale
        top, left, bottom, right = np.copysign(np.floor(np.abs(scaled) + 0.5), scaled).astype(int)
        height, width = max(bottom - top, 1), max(right - left, 1)
        for i in range(h):
            a, b = top + i * height // h, top - (-(i + 1) * height // h)
            for j in range(w):
                c, d = left + j * width // w, left - (-(j + 1) * width // w)
                cells = features[int(rois[k, 0]), :, max(a, 0) : max(b, 0), max(c, 0) : max(d, 0)]
                if cells.size:
                    out[k, :, i, j] = cells.max()
    return out
