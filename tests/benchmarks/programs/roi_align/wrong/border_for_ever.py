# faults: clamped_everywhere
# style: np.interp repeats its ends
# rest: right/np_interp.py
import numpy as np


def along(values, points):
    n = values.shape[-1]
    lines = values.reshape(-1, n)
    read = np.array([np.interp(points, np.arange(n), line) for line in lines])
    return read.reshape(*values.shape[:-1], len(points))
