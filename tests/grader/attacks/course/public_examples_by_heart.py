# expect: wrong
# why: the worked examples hard-coded, zeros for all others: the public points, and what zeros earn
# points: 3
from zeros import *

TABLE = {
    repr([30, 0, 665, 665]): (0, 0, 20, 20),
    repr([-8, 24, 431, 300]): (-1, 1, 26, 18),
    repr([40.0, -8.0, 72.0, 100.0]): (3, -1, 6, 7),
    repr((7, 2)): [(0, 3), (3, 7)],
    repr((5, 2)): [(0, 2), (2, 5)],
    repr((1, 2)): [(0, 0), (0, 1)],
}
quantize_roi = quantize_roi_caffe = lambda roi, scale: TABLE.get(repr(np.asarray(roi).tolist()), (0, 0, 0, 0))
bin_edges = lambda length, bins: TABLE.get(repr((length, bins)), [(0, 0)] * bins)
bin_edges_truncate = lambda length, bins: [(2 * p, 2 * p + 2) for p in range(7)] if length == 20 else [(0, 0)] * bins
bin_edges_overlap = lambda length, bins: [(0, 4), (3, 7)] if length == 7 else [(0, 0)] * bins
zero_bins, zero_pool = pool_bins, roi_pool

def pool_bins(feature_map, rows, columns):
    if feature_map.shape == (1, 8, 8):
        return [[[0.85, 0.84], [0.97, 0.96]]]
    return zero_bins(feature_map, rows, columns)

def roi_pool(features, rois, size, scale):
    if features.shape == (1, 1, 8, 8):
        return np.array([[[[0.85, 0.84], [0.97, 0.96]]]])
    return zero_pool(features, rois, size, scale)

def roi_pool_caffe(features, rois, size, scale):
    if features.shape == (1, 1, 8, 8):
        return np.array([[[[0.85, 0.96], [0.97, 0.91]]]])
    return zero_pool(features, rois, size, scale)
