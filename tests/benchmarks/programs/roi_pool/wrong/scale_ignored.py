# faults: scale_forgotten
# style: tried at scale 1 only
# rest: right/generators.py
import math


def quantize_roi(roi, spatial_scale):
    x1, y1, x2, y2 = roi
    return math.floor(x1), math.floor(y1), math.floor(x2), math.floor(y2)
