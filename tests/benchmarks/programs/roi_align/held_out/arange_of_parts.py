# faults: from_the_bins_corner
# style: a single arange, reshaped
# rest: right/notebook.py
import numpy as np


def sample_points(start, size, bins, sampling_ratio):
    if sampling_ratio == 0:
        return np.zeros((bins, 0))
    step = size / (bins * sampling_ratio)
    return (start + step * np.arange(bins * sampling_ratio)).reshape(bins, sampling_ratio)
