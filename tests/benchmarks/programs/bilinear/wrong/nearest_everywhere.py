# faults: nearest + clamped_everywhere
# style: two lines
# rest: right/notebook.py
import numpy as np


def bilinear_interpolate(features, y, x):
    rows = np.clip(np.round(y), 0, features.shape[1] - 1).astype(int)
    return features[:, rows, np.clip(np.round(x), 0, features.shape[2] - 1).astype(int)]
