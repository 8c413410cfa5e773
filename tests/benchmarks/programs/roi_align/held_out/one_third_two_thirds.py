# faults: thirds
# style: follows a drawing that divides the bin with lines
# rest: right/notebook.py
import numpy as np


def sample_points(start, size, bins, sampling_ratio):
    bin_size = size / bins
    result = np.zeros((bins, sampling_ratio))
    for b in range(bins):
        for s in range(sampling_ratio):
            # divide the bin by sampling_ratio lines
            result[b, s] = start + b * bin_size + (s + 1) * bin_size / (sampling_ratio + 1)
    return result
