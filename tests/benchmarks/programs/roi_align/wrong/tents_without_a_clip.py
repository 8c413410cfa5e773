# faults: zero_padding
# style: matrices of tents, coordinates never clipped
# rest: right/matrices.py
import numpy as np


def weights_of(points, length):
    distance = np.abs(np.asarray(points)[..., np.newaxis] - np.arange(length))
    return np.where(distance < 1, 1 - distance, 0.0)
