# expect: wrong
# why: bit patterns that raise a floating-point exception wherever they are converted
# points: 0.5
from zeros import *

def signalling(function):
    return lambda *args: np.full(np.shape(function(*args)), 0x7F800001, np.uint32).view(np.float32)

for name in ("quantize_roi", "bin_edges", "pool_bins", "roi_pool", "quantize_roi_caffe", "roi_pool_caffe",
             "bin_edges_truncate", "bin_edges_overlap"):
    globals()[name] = signalling(globals()[name])
