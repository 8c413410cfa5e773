# faults: quantized_points
# style: sample points as cell indices
# rest: right/notebook.py
import numpy as np


def sample_points(start, size, bins, sampling_ratio):
    t = np.arange(bins)[:, None] + (np.arange(sampling_ratio) + 0.5) / max(sampling_ratio, 1)
    return np.floor(start + t * size / bins)
