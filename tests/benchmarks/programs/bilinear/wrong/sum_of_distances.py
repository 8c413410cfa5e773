# faults: added_not_multiplied
# style: "the nearer, the heavier", normalised by the sum
# rest: right/notebook.py
import numpy as np


def bilinear_weights(y, x):
    fy, fx = y - np.floor(y), x - np.floor(x)
    closeness = np.array([(1 - fy) + (1 - fx), (1 - fy) + fx, fy + (1 - fx), fy + fx])
    return closeness / closeness.sum(axis=0)
