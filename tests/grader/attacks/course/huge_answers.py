# expect: output_limit|memory|error
# why: answers of any size that cost nothing here and everything where they are compared
import numpy as np

def quantize_roi(roi, scale):
    return np.broadcast_to(np.float64(0), (1 << 20, 1 << 20))

def quantize_roi_caffe(roi, scale):
    return np.zeros((30 << 20,), np.uint8)

def bin_edges_overlap(length, bins):
    return np.zeros((1 << 40, 0, 1 << 40))

def bin_edges_truncate(length, bins):
    return np.zeros((bins, 1 << 26), np.uint8)

def roi_pool_caffe(*args):
    return [[0.5] * 4000] * 4000
