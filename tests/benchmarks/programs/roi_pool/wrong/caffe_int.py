# faults: caffe_cut_toward_zero
# style: int() taken for rounding
# rest: right/two_passes.py
def quantize_roi_caffe(roi, spatial_scale):
    x1, y1, x2, y2 = [int(v * spatial_scale) for v in roi]
    return x1, y1, x2 + 1, y2 + 1
