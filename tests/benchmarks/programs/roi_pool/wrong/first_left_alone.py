# faults: first_coordinate_unscaled
# style: a slice that begins one too late
# rest: right/masks.py
import numpy as np


def quantize_roi(roi, spatial_scale):
    box = np.array(roi, dtype=np.float64)
    box[1:] *= spatial_scale
    return tuple(int(v) for v in np.floor(box))
