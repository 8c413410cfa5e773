# faults: none
# style: bins that grow from the centre outwards
# rest: right/notebook.py
import numpy as np


def sample_points(start, size, bins, sampling_ratio):
    t = (np.arange(bins * sampling_ratio) + 0.5) / max(bins * sampling_ratio, 1)
    warped = 0.5 + np.sign(t - 0.5) * 2 * (t - 0.5) ** 2
    return (start + size * warped).reshape(bins, sampling_ratio)
