# faults: corners_for_centres
# style: np.linspace, one line
# rest: right/notebook.py
import numpy as np


def sample_points(start, size, bins, sampling_ratio):
    return np.linspace(start, start + size, bins * sampling_ratio).reshape(bins, sampling_ratio)
