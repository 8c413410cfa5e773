# faults: rounded_first_neighbour
# style: the notebook's steps, round for floor
# rest: right/notebook.py
import numpy as np


def neighbours(position, length):
    clamped = np.clip(position, 0, length - 1)
    low = np.round(clamped).astype(int)
    high = np.minimum(low + 1, length - 1)
    return low, high, clamped - low
