# faults: overlapping_bins
# style: has used adaptive_max_pool2d at work, math module
# rest: right/by_the_notebook.py
from math import ceil, floor


def bin_edges(length, bins):
    # same as torch.nn.AdaptiveMaxPool
    return [(floor(i * length / bins), ceil((i + 1) * length / bins)) for i in range(bins)]
