# faults: one_sample + normalised_by_size + half_pixel_forgotten
# style: a PyTorch tutorial ported: affine centres, grid over the size, aligned unused
# rest: right/grid_sample.py
import numpy as np


def read_grid(image, gx, gy):
    C, H, W = image.shape
    x, y = (gx + 1) * (W - 1) / 2, (gy + 1) * (H - 1) / 2
    x, y = np.clip(x, 0, W - 1), np.clip(y, 0, H - 1)
    x0, y0 = x.astype(int), y.astype(int)
    x1, y1 = np.minimum(x0 + 1, W - 1), np.minimum(y0 + 1, H - 1)
    dx, dy = x - x0, y - y0
    return (
        image[:, y0, x0] * (1 - dy) * (1 - dx)
        + image[:, y0, x1] * (1 - dy) * dx
        + image[:, y1, x0] * dy * (1 - dx)
        + image[:, y1, x1] * dy * dx
    )


def roi_align(features, rois, output_size, spatial_scale=1.0, sampling_ratio=2, aligned=True, mode="avg"):
    N, C, H, W = features.shape
    PH, PW = output_size
    out = np.zeros((len(rois), C, PH, PW), dtype=features.dtype)
    for k, roi in enumerate(rois):
        x1, y1, x2, y2 = roi[1:] * spatial_scale
        h, w = y2 - y1, x2 - x1
        if not aligned:
            h, w = max(h, 1.0), max(w, 1.0)
        if sampling_ratio <= 0 and min(h, w) <= 0:
            continue
        ys = y1 + (np.arange(PH) + 0.5) / PH * h
        xs = x1 + (np.arange(PW) + 0.5) / PW * w
        gy, gx = np.meshgrid(ys, xs, indexing="ij")
        values = read_grid(features[int(roi[0])], gx / W * 2 - 1, gy / H * 2 - 1)
        out[k] = np.where((gy < -1) | (gy > H) | (gx < -1) | (gx > W), 0, values)
    return out
