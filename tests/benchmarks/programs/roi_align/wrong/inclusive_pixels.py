# faults: width_plus_one
# style: roi_width = end - start + 1, as in the first pooling layers
# rest: right/c_like.py
def box_on_map(box, spatial_scale, aligned):
    roi_start_w = box[0] * spatial_scale
    roi_start_h = box[1] * spatial_scale
    roi_width = box[2] * spatial_scale - roi_start_w + 1
    roi_height = box[3] * spatial_scale - roi_start_h + 1
    if aligned:
        return roi_start_h - 0.5, roi_start_w - 0.5, roi_height, roi_width
    return roi_start_h, roi_start_w, max(roi_height, 1.0), max(roi_width, 1.0)
