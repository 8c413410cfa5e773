# faults: nearest_ends + caffe_ends_floored
# style: the two roundings confused
# rest: right/two_passes.py
from math import ceil, floor


def quantize_roi(roi, spatial_scale):
    nearest = lambda v: floor(v + 0.5) if v > 0 else ceil(v - 0.5)
    return tuple(nearest(float(v) * spatial_scale) for v in roi)


def quantize_roi_caffe(roi, spatial_scale):
    x1, y1, x2, y2 = (floor(float(v) * spatial_scale) for v in roi)
    return x1, y1, x2 + 1, y2 + 1
