# faults: bin_edges_rounded
# style: linspace, rounded
# rest: right/loops.py
import numpy as np


def bin_edges(length, bins):
    borders = np.round(np.linspace(0, length, bins + 1)).astype(int)
    return [(int(borders[i]), int(borders[i + 1])) for i in range(bins)]
