# expect: correct
# why: right numbers, bytes the other way round: what counts is the value
# points: 40
from solution import *

def turned(function):
    def call(*args):
        value = np.asarray(function(*args))
        return value.astype(value.dtype.newbyteorder(">"), order="F")
    return call

for name in ("quantize_roi", "bin_edges", "pool_bins", "roi_pool", "roi_pool_caffe"):
    globals()[name] = turned(globals()[name])
