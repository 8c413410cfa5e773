# faults: ends_one_early + cut_toward_zero
# style: int and - 1 in quantize_roi itself
# rest: right/counting.py
def quantize_roi(roi, spatial_scale):
    a, b, c, d = (int(float(v) * spatial_scale) for v in roi)
    return a, b, c - 1, d - 1
