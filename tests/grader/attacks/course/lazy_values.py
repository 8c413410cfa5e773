# expect: error
# points: 0.5
# why: answers that are made only when somebody looks: generators, ranges, views, iterators
from zeros import *

def bin_edges(length, bins):
    while True:
        yield length, bins

quantize_roi = lambda roi, scale: range(4)
quantize_roi_caffe = lambda roi, scale: memoryview(bytes(4))
bin_edges_overlap = lambda length, bins: map(divmod, range(bins), range(1, bins))
bin_edges_truncate = lambda length, bins: {p: length for p in range(bins)}.items()
pool_bins = lambda feature_map, rows, columns: iter(feature_map)
