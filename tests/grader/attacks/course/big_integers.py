# expect: wrong
# why: integers beyond every type of NumPy, to make the comparison overflow or the test fail
# points: 0.5
from zeros import *

quantize_roi = lambda roi, scale: (2**63, -(2**63) - 1, 2**64, 10**600)
quantize_roi_caffe = lambda roi, scale: (np.uint64(2**64 - 1), np.int64(-(2**63)), 2**63, -1.0)
bin_edges = lambda length, bins: [(10**600, -(10**600))] * bins
bin_edges_overlap = lambda length, bins: np.full((bins, 2), 2**64 - 1, np.uint64)
bin_edges_truncate = lambda length, bins: [(2**53 + 1, 5e-324)] * bins
