# faults: clipped_then_weighted
# style: cells clipped, the fraction from the position as it came
# rest: right/flat_gather.py
import numpy as np


def neighbours(position, length):
    position = np.asarray(position, dtype=float)
    low = np.clip(np.floor(position), 0, length - 1).astype(int)
    high = np.clip(np.floor(position) + 1, 0, length - 1).astype(int)
    return low, high, position - low
