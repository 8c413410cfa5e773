# expect: correct
# why: a change too small to count: it earns what the exact numbers earn, and no more can be hidden in it
# points: 40
from solution import *

exact, exact_bins = roi_pool, pool_bins

def roi_pool(features, rois, size, scale):
    return exact(features, rois, size, scale) + features.dtype.type(9e-7)

def pool_bins(feature_map, rows, columns):
    return exact_bins(feature_map, rows, columns) - 9e-7
