# faults: normalised_by_size
# style: PyTorch port: grid divided by the size, sampled with aligned corners
# rest: right/grid_sample.py
import numpy as np


def sample_corners(image, gx, gy):
    """grid_sample with align_corners=True and padding_mode="border"."""
    _, H, W = image.shape
    x, y = np.clip((gx + 1) / 2 * (W - 1), 0, W - 1), np.clip((gy + 1) / 2 * (H - 1), 0, H - 1)
    j, i = np.floor(x).astype(int), np.floor(y).astype(int)
    m, n = np.minimum(j + 1, W - 1), np.minimum(i + 1, H - 1)
    a, b = x - j, y - i
    upper = (1 - a) * image[:, i, j] + a * image[:, i, m]
    lower = (1 - a) * image[:, n, j] + a * image[:, n, m]
    return (1 - b) * upper + b * lower


def sample_bins(feature_map, y, x, mode):
    C, H, W = feature_map.shape
    (PH, ny), (PW, nx) = y.shape, x.shape
    if ny * nx == 0:
        return np.zeros((C, PH, PW), dtype=feature_map.dtype)
    yy, xx = np.meshgrid(y.ravel(), x.ravel(), indexing="ij")
    values = sample_corners(feature_map, 2 * xx / W - 1, 2 * yy / H - 1)
    values = np.where((yy < -1) | (yy > H) | (xx < -1) | (xx > W), 0, values).reshape(C, PH, ny, PW, nx)
    return (values.mean((2, 4)) if mode == "avg" else values.max((2, 4))).astype(feature_map.dtype)
