# style: PyTorch's grid_sample with border padding, normalised grid
import numpy as np


def grid_sample(image, grid):
    """image (C, H, W), grid (..., 2) of x, y in [-1, 1], align_corners=False, padding_mode="border"."""
    _, H, W = image.shape
    x = np.clip(((grid[..., 0] + 1) * W - 1) / 2, 0, W - 1)
    y = np.clip(((grid[..., 1] + 1) * H - 1) / 2, 0, H - 1)
    x_w, y_n = np.floor(x).astype(int), np.floor(y).astype(int)
    x_e, y_s = np.minimum(x_w + 1, W - 1), np.minimum(y_n + 1, H - 1)
    se = (x - x_w) * (y - y_n)
    sw = (1 - (x - x_w)) * (y - y_n)
    ne = (x - x_w) * (1 - (y - y_n))
    nw = (1 - (x - x_w)) * (1 - (y - y_n))
    north = nw * image[:, y_n, x_w] + ne * image[:, y_n, x_e]
    return north + sw * image[:, y_s, x_w] + se * image[:, y_s, x_e]


def sample_points(start, size, bins, sampling_ratio):
    cell = size / bins
    p, i = np.meshgrid(np.arange(bins), np.arange(sampling_ratio), indexing="ij")
    return start + p * cell + (i + 0.5) * cell / max(sampling_ratio, 1)


def box_on_map(box, spatial_scale, aligned):
    box = np.asarray(box, np.float64) * spatial_scale
    w, h = box[2:] - box[:2]
    x, y = box[:2] - (0.5 if aligned else 0)
    return (y, x, h, w) if aligned else (y, x, np.fmax(h, 1), np.fmax(w, 1))


def sample_bins(feature_map, y, x, mode):
    C, H, W = feature_map.shape
    (PH, ny), (PW, nx) = y.shape, x.shape
    if 0 in (ny, nx):
        return np.zeros((C, PH, PW), dtype=feature_map.dtype)
    yy, xx = np.meshgrid(y.ravel(), x.ravel(), indexing="ij")
    grid = np.stack([(2 * xx + 1) / W - 1, (2 * yy + 1) / H - 1], axis=-1)
    values = grid_sample(feature_map, grid)
    values[:, (yy < -1) | (yy > H) | (xx < -1) | (xx > W)] = 0
    values = values.reshape(C, PH, ny, PW, nx).transpose(0, 1, 3, 2, 4).reshape(C, PH, PW, ny * nx)
    return (values.mean(-1) if mode == "avg" else values.max(-1)).astype(feature_map.dtype)


def roi_align(features, rois, output_size, spatial_scale=1.0, sampling_ratio=2, aligned=True, mode="avg"):
    PH, PW = output_size
    N, C, H, W = features.shape
    results = np.zeros((len(rois), C, PH, PW), dtype=features.dtype)
    for k, roi in enumerate(np.asarray(rois)):
        y, x, h, w = box_on_map(roi[1:], spatial_scale, aligned)
        ny = sampling_ratio if sampling_ratio > 0 else max(0, int(np.ceil(h / PH)))
        nx = sampling_ratio if sampling_ratio > 0 else max(0, int(np.ceil(w / PW)))
        ys, xs = sample_points(y, h, PH, ny), sample_points(x, w, PW, nx)
        results[k] = sample_bins(features[int(roi[0])], ys, xs, mode)
    return results
