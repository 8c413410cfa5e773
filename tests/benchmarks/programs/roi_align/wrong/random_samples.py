# faults: none
# style: Monte Carlo: points drawn in each bin
# rest: right/notebook.py
import numpy as np


def sample_points(start, size, bins, sampling_ratio):
    inside = np.sort(np.random.default_rng(0).random((bins, sampling_ratio)), axis=1)
    return start + (np.arange(bins)[:, None] + inside) * size / bins
