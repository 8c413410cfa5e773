# faults: resized_half_pixel
# style: vectorized bilinear resize of the crop, as cv2.resize does
# rest: right/gather.py
import numpy as np


def cv2_resize(crop, size):
    ys, xs = [np.clip((np.arange(P) + 0.5) * n / P - 0.5, 0, n - 1) for P, n in zip(size, crop.shape[1:])]
    y0, x0 = ys.astype(int), xs.astype(int)
    y1, x1 = np.minimum(y0 + 1, crop.shape[1] - 1), np.minimum(x0 + 1, crop.shape[2] - 1)
    fy, fx = (ys - y0)[:, None], (xs - x0)[None, :]
    a, b = crop[:, y0][:, :, x0], crop[:, y0][:, :, x1]
    c, d = crop[:, y1][:, :, x0], crop[:, y1][:, :, x1]
    return a * (1 - fy) * (1 - fx) + b * (1 - fy) * fx + c * fy * (1 - fx) + d * fy * fx


def roi_pool(features, rois, output_size, spatial_scale):
    out = np.zeros((len(rois), features.shape[1], *output_size), dtype=features.dtype)
    for k, roi in enumerate(rois):
        x1, y1, x2, y2 = quantize_roi(roi[1:], spatial_scale)
        rows = slice(max(y1, 0), max(y2, y1 + 1, 0))
        columns = slice(max(x1, 0), max(x2, x1 + 1, 0))
        crop = features[int(roi[0])][:, rows, columns]
        if 0 not in crop.shape:
            out[k] = cv2_resize(crop, output_size)
    return out
