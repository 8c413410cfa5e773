# expect: error
# why: masked values take part in no comparison, matrices and records change the shape under way
import numpy as np

from zeros import *

def pool_bins(feature_map, rows, columns):
    return np.ma.masked_all((len(feature_map), len(rows), len(columns)))

def roi_pool(features, rois, size, scale):
    return np.rec.array(np.zeros((len(rois), features.shape[1], *size)))

bin_edges = bin_edges_overlap = bin_edges_truncate = lambda length, bins: np.matrix(np.zeros((bins, 2)))
quantize_roi = quantize_roi_caffe = lambda roi, scale: np.zeros((), "i8,i8,i8,i8")[()]
