# faults: one_sample + normalised_by_size + half_pixel_forgotten
# style: affine grid and a grid_sample of its own
# rest: right/notebook.py
import numpy as np


def box_on_map(box, spatial_scale, aligned):
    box = np.asarray(box, np.float64) * spatial_scale
    size = box[2:] - box[:2]
    if not aligned:
        size = np.maximum(size, 1.0)
    return box[1], box[0], size[1], size[0]


def grid_sample(image, gy, gx):
    # align_corners=True
    H, W = image.shape[1:]
    return bilinear_interpolate(image, (gy + 1) * (H - 1) / 2, (gx + 1) * (W - 1) / 2)


def sample_bins(feature_map, y, x, mode):
    C, H, W = feature_map.shape
    (PH, ny), (PW, nx) = y.shape, x.shape
    if not (ny and nx):
        return np.zeros((C, PH, PW), feature_map.dtype)
    v = grid_sample(feature_map, 2 * y.reshape(-1, 1) / H - 1, 2 * x.reshape(1, -1) / W - 1)
    v = v.reshape(C, PH, ny, PW, nx)
    return v.max(axis=(2, 4)) if mode == "max" else v.mean(axis=(2, 4))


def roi_align(features, rois, output_size, spatial_scale=1.0, sampling_ratio=2, aligned=True, mode="avg"):
    out = np.zeros((len(rois), features.shape[1], *output_size), features.dtype)
    for k, (image, *box) in enumerate(rois):
        y, x, h, w = box_on_map(box, spatial_scale, aligned)
        ys, xs = sample_points(y, h, output_size[0], 1), sample_points(x, w, output_size[1], 1)
        out[k] = sample_bins(features[int(image)], ys, xs, mode)
    return out
