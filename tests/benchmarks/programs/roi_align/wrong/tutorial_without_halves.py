# faults: half_pixel_forgotten + one_sample
# style: a tutorial's loops, one point in each bin
# rest: right/loops.py
import numpy as np


def roi_align(features, rois, output_size, spatial_scale=1.0, sampling_ratio=2, aligned=True, mode="avg"):
    PH, PW = output_size
    out = np.zeros((len(rois), features.shape[1], PH, PW), dtype=features.dtype)
    for k, (image, x1, y1, x2, y2) in enumerate(rois):
        x1, y1, x2, y2 = (v * spatial_scale for v in (x1, y1, x2, y2))
        roi_h, roi_w = y2 - y1, x2 - x1
        if not aligned:
            roi_h, roi_w = max(roi_h, 1.0), max(roi_w, 1.0)
        if sampling_ratio <= 0 and (roi_h <= 0 or roi_w <= 0):
            continue
        for i in range(PH):
            for j in range(PW):
                cy = y1 + (i + 0.5) * roi_h / PH
                cx = x1 + (j + 0.5) * roi_w / PW
                out[k, :, i, j] = bilinear_interpolate(features[int(image)], cy, cx)
    return out
