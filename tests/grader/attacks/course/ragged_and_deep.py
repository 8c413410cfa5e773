# expect: wrong|error
# why: lists whose first rows have the right shape, and lists in lists without end
from solution import *

split = bin_edges

def bin_edges(length, bins):
    return split(length, bins)[:1] + [(1, 2, 3)] * (bins - 1)

def quantize_roi(roi, scale):
    deep = []
    for _ in range(10_000):
        deep = [deep]
    return deep

def pool_bins(feature_map, rows, columns):
    return [[[0.0] * len(columns)] * len(rows)] * (len(feature_map) - 1) + [None]

def roi_pool(features, rois, size, scale):
    endless = []
    endless.append(endless)
    return endless

def answer(*args):
    return [[[["0.85", "0.84"], ["0.97", "0.96"]]]]
