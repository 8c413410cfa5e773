# faults: column_order
# style: names of the encyclopedia, whose second index is y
# rest: right/grid_sample.py
import numpy as np


def bilinear_weights(y, x):
    x1, y1 = np.floor(x), np.floor(y)
    x2, y2 = x1 + 1, y1 + 1
    w11 = (x2 - x) * (y2 - y)
    w12 = (x2 - x) * (y - y1)
    w21 = (x - x1) * (y2 - y)
    w22 = (x - x1) * (y - y1)
    return np.array([w11, w12, w21, w22])
