# faults: caffe_ends_excluded
# style: rounds well and stops there
# rest: right/padded.py
def quantize_roi_caffe(roi, spatial_scale):
    return tuple(round_half_away(float(c) * spatial_scale) for c in roi)
