# faults: cut_toward_zero
# style: int() around each product
# rest: right/loops.py
def quantize_roi(roi, spatial_scale):
    return tuple(int(c * spatial_scale) for c in roi)
