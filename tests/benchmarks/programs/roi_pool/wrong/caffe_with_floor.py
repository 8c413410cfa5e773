# faults: caffe_ends_floored
# style: built on quantize_roi
# rest: right/slices.py
def quantize_roi_caffe(roi, spatial_scale):
    x1, y1, x2, y2 = quantize_roi(roi, spatial_scale)
    return x1, y1, x2 + 1, y2 + 1
