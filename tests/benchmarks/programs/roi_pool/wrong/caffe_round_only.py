# faults: caffe_halves_to_even + caffe_ends_excluded
# style: np.round and nothing else
# rest: right/scatter.py
import numpy as np


def quantize_roi_caffe(roi, spatial_scale):
    return tuple(np.round(np.asarray(roi, dtype=np.float64) * spatial_scale).astype(int))
