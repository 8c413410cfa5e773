# faults: last_bin_takes_the_rest + negative_index_wraps
# style: no guard against the border, step and rest
# rest: right/torch_like.py
import numpy as np


def bin_edges(length, bins):
    step = length // bins
    return [(p * step, (p + 1) * step if p < bins - 1 else length) for p in range(bins)]


def pool_bins(feature_map, rows, columns):
    return adaptive_max_pool2d(feature_map, rows, columns)
