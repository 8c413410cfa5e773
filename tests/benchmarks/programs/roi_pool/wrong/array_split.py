# faults: larger_bins_first
# style: np.array_split
# rest: right/slices.py
import numpy as np


def bin_edges(length, bins):
    edges, start = [], 0
    for part in np.array_split(np.arange(length), bins):
        edges.append((start, start + len(part)))
        start += len(part)
    return edges
