# faults: overlapping_bins
# style: adaptive_max_pool2d rewritten, start floor, end ceil
# rest: right/torch_like.py
import math


def bin_edges(length, bins):
    return [(math.floor(i * length / bins), math.ceil((i + 1) * length / bins)) for i in range(bins)]
