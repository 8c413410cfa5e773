# faults: quantized_bins
# style: bin size by integer division
# rest: right/loops.py
import numpy as np


def sample_points(start, size, bins, sampling_ratio):
    bin_size = size // bins
    points = np.zeros((bins, sampling_ratio))
    for p in range(bins):
        for i in range(sampling_ratio):
            points[p, i] = start + (p + (i + 0.5) / sampling_ratio) * bin_size
    return points
