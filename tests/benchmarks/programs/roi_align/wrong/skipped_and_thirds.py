# faults: thirds + outside_left_out
# style: masked arrays: samples off the map are masked
# rest: right/notebook.py
import numpy as np


def sample_points(start, size, bins, sampling_ratio):
    inner = np.linspace(0, 1, sampling_ratio + 2)[1:-1]
    return start + size / bins * (np.arange(bins)[:, None] + inner)


def sample_bins(feature_map, y, x, mode):
    C, H, W = feature_map.shape
    (PH, ny), (PW, nx) = y.shape, x.shape
    if ny == 0 or nx == 0:
        return np.zeros((C, PH, PW), feature_map.dtype)
    yy, xx = np.broadcast_arrays(y[:, None, :, None], x[None, :, None, :])
    off = (yy < -1) | (yy > H) | (xx < -1) | (xx > W)
    values = bilinear_interpolate(feature_map, yy, xx)
    values = np.ma.array(values, mask=np.broadcast_to(off, values.shape))
    pooled = values.mean(axis=(3, 4)) if mode == "avg" else values.max(axis=(3, 4))
    return np.ma.filled(pooled, 0.0).astype(feature_map.dtype)
