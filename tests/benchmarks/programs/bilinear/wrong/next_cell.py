# faults: second_neighbour_past_the_end
# style: the helper in two lines, interpolation with its own clip
# rest: right/tent.py
import numpy as np


def neighbours(position, length):
    p = np.minimum(np.maximum(position, 0), length - 1)
    return p.astype(int), p.astype(int) + 1, p % 1
