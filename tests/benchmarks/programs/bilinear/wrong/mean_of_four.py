# faults: none
# style: the plain mean of the four neighbours
# rest: right/notebook.py
import numpy as np


def bilinear_weights(y, x):
    return np.full((4,) + np.broadcast(y, x).shape, 0.25)
