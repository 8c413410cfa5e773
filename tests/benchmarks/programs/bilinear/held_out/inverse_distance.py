# faults: none
# style: weights by inverse distance: the nearer, the heavier
# rest: right/notebook.py
import numpy as np


def bilinear_weights(y, x):
    fy, fx = np.broadcast_arrays(y - np.floor(y), x - np.floor(x))
    distances = np.array([
        np.hypot(fy, fx),
        np.hypot(fy, 1 - fx),
        np.hypot(1 - fy, fx),
        np.hypot(1 - fy, 1 - fx),
    ])
    w = 1 / (distances + 1e-12)
    return w / w.sum(axis=0)
