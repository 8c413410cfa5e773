# expect: wrong|error
# why: dates, texts, bytes, structures, complex numbers and nothing at all where numbers are expected
import numpy as np

from zeros import *

quantize_roi = lambda roi, scale: np.zeros(4, "M8[s]")
quantize_roi_caffe = lambda roi, scale: np.array(["0"] * 4)
bin_edges = lambda length, bins: np.zeros((bins, 2), "V8")
bin_edges_overlap = lambda length, bins: np.zeros((bins, 2), "m8[ns]")
bin_edges_truncate = lambda length, bins: np.zeros((bins, 2), [("start", "i4"), ("end", "i4")])
pool_bins = lambda feature_map, rows, columns: np.zeros((len(feature_map), len(rows), len(columns)), "c16")
roi_pool = lambda features, rois, size, scale: np.zeros((len(rois), features.shape[1], *size), "S8")
roi_pool_caffe = lambda features, rois, size, scale: np.zeros((len(rois), features.shape[1], *size), "V0")
