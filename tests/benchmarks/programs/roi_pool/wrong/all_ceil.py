# faults: ends_rounded_up
# style: minus of floor-division of minus
# rest: right/lists.py
def quantize_roi(roi, spatial_scale):
    return tuple(int(-(-float(v) * spatial_scale // 1)) for v in roi)
