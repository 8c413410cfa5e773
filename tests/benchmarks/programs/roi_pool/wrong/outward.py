# faults: rounded_outward
# style: the SlowROIPool way, floor and ceil of arrays
# rest: right/gather.py
import numpy as np


def quantize_roi(roi, spatial_scale):
    x1, y1, x2, y2 = np.array(roi, dtype=np.float64) * spatial_scale
    x1, y1 = np.floor(x1).astype(int), np.floor(y1).astype(int)
    x2, y2 = np.ceil(x2).astype(int), np.ceil(y2).astype(int)
    return x1, y1, x2, y2
