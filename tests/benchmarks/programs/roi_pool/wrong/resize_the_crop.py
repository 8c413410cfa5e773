# faults: resized
# style: crop, then a bilinear resize written out (corners of the bins)
# rest: right/by_the_notebook.py
import numpy as np


def resize(crop, PH, PW):
    C, h, w = crop.shape
    out = np.zeros((C, PH, PW))
    for i in range(PH):
        y = i * h / PH
        y0 = int(y)
        y1 = min(y0 + 1, h - 1)
        for j in range(PW):
            x = j * w / PW
            x0 = int(x)
            x1 = min(x0 + 1, w - 1)
            top = crop[:, y0, x0] * (1 - (x - x0)) + crop[:, y0, x1] * (x - x0)
            bottom = crop[:, y1, x0] * (1 - (x - x0)) + crop[:, y1, x1] * (x - x0)
            out[:, i, j] = top * (1 - (y - y0)) + bottom * (y - y0)
    return out


def roi_pool(features, rois, output_size, spatial_scale):
    PH, PW = output_size
    out = np.zeros((len(rois), features.shape[1], PH, PW), dtype=features.dtype)
    for k, roi in enumerate(rois):
        x1, y1, x2, y2 = quantize_roi(roi[1:], spatial_scale)
        x2, y2 = max(x2, x1 + 1), max(y2, y1 + 1)
        crop = features[int(roi[0]), :, max(y1, 0) : max(y2, 0), max(x1, 0) : max(x2, 0)]
        if crop.size:
            out[k] = resize(crop, PH, PW)
    return out
