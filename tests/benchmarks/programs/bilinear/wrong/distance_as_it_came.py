# faults: neighbours_not_clamped | int_for_floor
# style: the cells from the clamped position, the fraction from the position itself
# rest: right/tent.py
import numpy as np


def neighbours(position, length):
    clamped = np.maximum(0, np.minimum(position, length - 1))
    first = clamped.astype(int)
    second = np.minimum(first + 1, length - 1)
    return first, second, position - first
