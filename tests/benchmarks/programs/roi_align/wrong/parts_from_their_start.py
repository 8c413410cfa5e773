# faults: from_the_bins_corner
# style: np.arange by steps
# rest: right/matrices.py
import numpy as np


def sample_points(start, size, bins, sampling_ratio):
    step = size / (bins * max(sampling_ratio, 1))
    return (start + np.arange(bins * sampling_ratio) * step).reshape(bins, sampling_ratio)
