# faults: float_bin_size
# style: a bin size in floats
# rest: right/by_the_notebook.py
import math


def bin_edges(length, bins):
    size = length / bins
    return [(math.floor(p * size), math.floor((p + 1) * size)) for p in range(bins)]
