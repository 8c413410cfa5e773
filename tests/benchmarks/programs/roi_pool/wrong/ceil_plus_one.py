# faults: one_cell_too_many
# style: math.ceil and a slice that should include it
# rest: right/recursive.py
import math


def quantize_roi(roi, spatial_scale):
    start_x, start_y = math.floor(roi[0] * spatial_scale), math.floor(roi[1] * spatial_scale)
    stop_x, stop_y = math.ceil(roi[2] * spatial_scale), math.ceil(roi[3] * spatial_scale)
    return start_x, start_y, stop_x + 1, stop_y + 1
