# faults: scale_inverted
# style: spatial_scale taken for the stride
# rest: right/padded.py
import numpy as np


def quantize_roi(roi, spatial_scale):
    stride = spatial_scale
    return tuple(int(np.floor(v / stride)) for v in np.asarray(roi, dtype=np.float64))
