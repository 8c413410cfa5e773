# faults: cut_toward_zero
# style: all boxes at once, astype
# rest: right/masked_arrays.py
import numpy as np


def quantize_all(boxes, spatial_scale):
    return (np.asarray(boxes, dtype=np.float64) * spatial_scale).astype(np.int32)
