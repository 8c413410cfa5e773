# expect: wrong|error
# why: right but for a multiple of 256, where the comparison might be done in 8 bits
# points: 21.5
from solution import *

exact = roi_pool

def roi_pool(*args):
    return exact(*args) + 256

def bin_edges_overlap(length, bins):
    return np.full((bins, 2), 255, np.uint8)
