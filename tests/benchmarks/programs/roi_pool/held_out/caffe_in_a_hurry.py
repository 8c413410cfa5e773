# faults: caffe_halves_to_even + caffe_ends_excluded
# style: last cell of the notebook, written in a hurry
# rest: right/loops.py
def quantize_roi_caffe(roi, spatial_scale):
    out = []
    for end in roi:
        out.append(int(round(float(end) * spatial_scale)))
    return tuple(out)
