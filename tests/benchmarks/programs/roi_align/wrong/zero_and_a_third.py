# faults: zero_and_third
# style: thirds, counted from 0
# rest: right/notebook.py
import numpy as np


def sample_points(start, size, bins, sampling_ratio):
    b = size / bins
    out = np.empty((bins, sampling_ratio))
    for p in range(bins):
        out[p] = [start + p * b + i * b / (sampling_ratio + 1) for i in range(sampling_ratio)]
    return out
