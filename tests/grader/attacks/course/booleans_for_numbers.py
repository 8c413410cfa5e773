# expect: wrong
# why: True is 1 and False is 0, in Python
# points: 0.5
from zeros import *

quantize_roi = quantize_roi_caffe = lambda roi, scale: (False, False, True, True)
bin_edges = bin_edges_overlap = bin_edges_truncate = lambda length, bins: np.ones((bins, 2), bool)
pool_bins = lambda feature_map, rows, columns: np.ones((len(feature_map), len(rows), len(columns)), bool)
