# expect: wrong
# why: one number, or one more axis, that broadcasts to everything
from itertools import cycle

import numpy as np

def quantize_roi(roi, scale):
    return np.floor(np.asarray(roi) * scale)[None]

def bin_edges(length, bins):
    return [[(p * length // bins, (p + 1) * length // bins) for p in range(bins)]]

def pool_bins(feature_map, rows, columns):
    return feature_map.max()

def roi_pool(features, rois, size, scale):
    return np.zeros((1,) * 4)

def answer(*args):
    return np.zeros((0, 1, 1, 1))
