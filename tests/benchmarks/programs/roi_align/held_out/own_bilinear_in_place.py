# faults: weights_after_the_clip + boxes_changed_in_place
# style: own interpolation of the week before, rois scaled with *=
# rest: right/loops.py
import numpy as np


def bilinear_interpolate(features, y, x):
    C, H, W = features.shape
    y, x = np.broadcast_arrays(y, x)
    x0 = np.clip(np.floor(x).astype(int), 0, W - 1)
    x1 = np.clip(np.floor(x).astype(int) + 1, 0, W - 1)
    y0 = np.clip(np.floor(y).astype(int), 0, H - 1)
    y1 = np.clip(np.floor(y).astype(int) + 1, 0, H - 1)
    v = (x1 - x) * (y1 - y) * features[:, y0, x0]
    v = v + (x - x0) * (y1 - y) * features[:, y0, x1]
    v = v + (x1 - x) * (y - y0) * features[:, y1, x0]
    v = v + (x - x0) * (y - y0) * features[:, y1, x1]
    v = np.where((y < -1) | (y > H) | (x < -1) | (x > W), 0, v)
    return v.astype(features.dtype)


def roi_align(features, rois, output_size, spatial_scale=1.0, sampling_ratio=2, aligned=True, mode="avg"):
    PH, PW = output_size
    out = np.zeros((len(rois), features.shape[1], PH, PW), features.dtype)
    rois[:, 1:] *= spatial_scale
    for k, roi in enumerate(rois):
        y, x, h, w = box_on_map(roi[1:], 1.0, aligned)
        ny = sampling_ratio
        nx = sampling_ratio
        if sampling_ratio <= 0:
            ny = max(0, int(np.ceil(h / PH)))
            nx = max(0, int(np.ceil(w / PW)))
        y = sample_points(y, h, PH, ny)
        x = sample_points(x, w, PW, nx)
        out[k] = sample_bins(features[int(roi[0])], y, x, mode)
    return out
