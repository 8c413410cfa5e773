# faults: int_for_floor
# style: astype(int) and minimum, vectorized, no clip on the position
# rest: right/loops.py
import numpy as np


def neighbours(position, length):
    position = np.asarray(position, dtype=float)
    low = np.minimum(position.astype(int), length - 1)
    high = np.minimum(low + 1, length - 1)
    return low, high, position - low
