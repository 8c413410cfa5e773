# expect: wrong
# why: NaN of the right shape and type: every comparison with it is false, so none can fail
# points: 0.5
from zeros import *

def not_a_number(function):
    return lambda *args: np.full_like(np.asarray(function(*args), dtype=np.result_type(np.float32, *map(np.asarray, args[:1]))), np.nan)

for name in ("quantize_roi", "bin_edges", "pool_bins", "roi_pool", "quantize_roi_caffe", "roi_pool_caffe",
             "bin_edges_truncate", "bin_edges_overlap"):
    globals()[name] = not_a_number(globals()[name])
