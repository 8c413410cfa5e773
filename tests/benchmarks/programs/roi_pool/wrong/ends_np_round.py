# faults: halves_to_even
# style: NumPy, one line
# rest: right/slices.py
import numpy as np


def quantize_roi(roi, spatial_scale):
    return tuple(np.round(np.asarray(roi, dtype=np.float64) * spatial_scale).astype(int))
