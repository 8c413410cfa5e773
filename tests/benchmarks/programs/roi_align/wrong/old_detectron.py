# faults: half_pixel_forgotten
# style: all in one function, no half cell anywhere, steps unused
# rest: right/detectron.py
import numpy as np


def roi_align(features, rois, output_size, spatial_scale=1.0, sampling_ratio=2, aligned=True, mode="avg"):
    PH, PW = output_size
    _, C, H, W = features.shape
    result = np.zeros((len(rois), C, PH, PW), dtype=features.dtype)
    for n, (b, x1, y1, x2, y2) in enumerate(np.asarray(rois, dtype=float).tolist()):
        w, h = (x2 - x1) * spatial_scale, (y2 - y1) * spatial_scale
        if not aligned:
            w, h = max(w, 1.0), max(h, 1.0)
        ny = nx = sampling_ratio
        if sampling_ratio <= 0:
            ny, nx = max(int(np.ceil(h / PH)), 0), max(int(np.ceil(w / PW)), 0)
        if ny == 0 or nx == 0:
            continue
        ys = y1 * spatial_scale + (np.arange(PH * ny) + 0.5) * h / (PH * ny)
        xs = x1 * spatial_scale + (np.arange(PW * nx) + 0.5) * w / (PW * nx)
        pos, weight = pre_calc(ys[:, None], xs[None, :], H, W)
        samples = (features[int(b)].reshape(C, -1)[:, pos] * weight).sum(axis=1).reshape(C, PH, ny, PW, nx)
        result[n] = samples.max((2, 4)) if mode == "max" else samples.mean((2, 4))
    return result
