# expect: error
# why: right numbers of a type that is compared with more digits than there are
# points: 15.75
from solution import *

def extended(function):
    return lambda *args: np.asarray(function(*args)).astype(np.longdouble) + np.longdouble(1e-19)

roi_pool, roi_pool_caffe, pool_bins = extended(roi_pool), extended(roi_pool_caffe), extended(pool_bins)
