# expect: wrong|error
# why: the hidden inputs as the shape of the result, its type, its depth
import numpy as np

def bin_edges(length, bins):
    return np.zeros((0, length, bins, 4711))

def quantize_roi(roi, scale):
    return np.zeros((0, *np.abs(np.asarray(roi) * 1000).astype(int), 4711))

def pool_bins(feature_map, *edges):
    return np.zeros((0, *np.abs(feature_map.flat[:8] * 1000).astype(int), 4711))

def answer(*args):
    return [[str(args)]]
