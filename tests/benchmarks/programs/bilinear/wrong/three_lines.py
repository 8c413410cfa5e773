# faults: neighbours_not_clamped
# style: the helper in three lines, no clip at all
# rest: right/lerp.py
import numpy as np


def neighbours(position, length):
    low = np.floor(position).astype(int)
    high = low + 1
    return low, high, position - low
