# faults: thirds + always_maximum
# style: a blog's RoIAlign: four points at thirds, the largest is kept
# rest: right/notebook.py
import numpy as np


def sample_points(start, size, bins, sampling_ratio):
    cell = size / bins
    return np.array(
        [
            [start + b * cell + (i + 1) * cell / (sampling_ratio + 1) for i in range(sampling_ratio)]
            for b in range(bins)
        ]
    ).reshape(bins, sampling_ratio)


def sample_bins(feature_map, y, x, mode):
    samples = bilinear_interpolate(feature_map, y[:, None, :, None], x[None, :, None, :])
    if samples.size == 0:
        return np.zeros(samples.shape[:3], feature_map.dtype)
    return samples.max(axis=-1).max(axis=-1)
