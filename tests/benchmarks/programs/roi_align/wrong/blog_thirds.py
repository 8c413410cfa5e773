# faults: thirds
# style: the formula of a blog, vectorized
# rest: right/notebook.py
import numpy as np


def sample_points(start, size, bins, sampling_ratio):
    bin_size = size / bins
    corners = start + bin_size * np.arange(bins)
    steps = bin_size / (sampling_ratio + 1) * np.arange(1, sampling_ratio + 1)
    return corners[:, None] + steps[None, :]
