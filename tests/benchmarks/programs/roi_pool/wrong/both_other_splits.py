# faults: truncate_without_minimum + overlap_starts_rounded_up
# style: maths functions on float quotients
# rest: right/by_the_notebook.py
import math


def bin_edges_truncate(length, bins):
    size = math.floor(length / bins)
    return [(p * size, (p + 1) * size) for p in range(bins)]


def bin_edges_overlap(length, bins):
    return [(math.ceil(p * length / bins), math.ceil((p + 1) * length / bins)) for p in range(bins)]
