# faults: halves_to_even
# style: monolithic roi_pool, plain round()
# rest: right/lists.py
import numpy as np


def quantize_roi(roi, spatial_scale):
    x1, y1, x2, y2 = roi
    return (
        round(float(x1) * spatial_scale),
        round(float(y1) * spatial_scale),
        round(float(x2) * spatial_scale),
        round(float(y2) * spatial_scale),
    )


def roi_pool(features, rois, output_size, spatial_scale):
    N, C, H, W = features.shape
    ph, pw = output_size
    output = np.zeros((len(rois), C, ph, pw), dtype=features.dtype)
    for idx, roi in enumerate(rois):
        img = features[int(roi[0])]
        x1 = round(float(roi[1]) * spatial_scale)
        y1 = round(float(roi[2]) * spatial_scale)
        x2 = round(float(roi[3]) * spatial_scale)
        y2 = round(float(roi[4]) * spatial_scale)
        roi_h = max(y2 - y1, 1)
        roi_w = max(x2 - x1, 1)
        for i in range(ph):
            hs = y1 + (i * roi_h) // ph
            he = y1 + ((i + 1) * roi_h) // ph
            for j in range(pw):
                ws = x1 + (j * roi_w) // pw
                we = x1 + ((j + 1) * roi_w) // pw
                patch = img[:, max(hs, 0) : max(he, 0), max(ws, 0) : max(we, 0)]
                if patch.size:
                    output[idx, :, i, j] = patch.max(axis=(1, 2))
    return output
