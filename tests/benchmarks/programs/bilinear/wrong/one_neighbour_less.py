# faults: negative_index_wraps
# style: floor, one more, the rest; only the index past the end is caught
# rest: right/notebook.py
import numpy as np


def neighbours(position, length):
    low = np.floor(position).astype(int)
    high = np.where(low + 1 < length, low + 1, length - 1)
    low = np.minimum(low, length - 1)
    return low, high, position - np.floor(position)
