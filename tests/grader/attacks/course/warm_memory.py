# expect: wrong
# why: uninitialised memory, in the hope that it holds the last answer
# points: 0.5
from zeros import *

def empty(function):
    return lambda *args: np.empty_like(np.asarray(function(*args)))

pool_bins, roi_pool, roi_pool_caffe = empty(pool_bins), empty(roi_pool), empty(roi_pool_caffe)
