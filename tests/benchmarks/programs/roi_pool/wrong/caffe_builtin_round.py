# faults: caffe_halves_to_even
# style: round() in a list
# rest: right/recursive.py
def quantize_roi_caffe(roi, spatial_scale):
    q = [round(v * spatial_scale) for v in roi]
    q[2] += 1
    q[3] += 1
    return tuple(int(v) for v in q)
