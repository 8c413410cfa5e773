# faults: none
# style: the median for the average
# rest: right/notebook.py
import numpy as np


def sample_bins(feature_map, y, x, mode):
    samples = bilinear_interpolate(feature_map, y[:, None, :, None], x[None, :, None, :])
    if samples.size == 0:
        return np.zeros(samples.shape[:3], dtype=feature_map.dtype)
    if mode == "max":
        return samples.max(axis=(3, 4))
    return np.median(samples.reshape(*samples.shape[:3], -1), axis=-1).astype(feature_map.dtype)
