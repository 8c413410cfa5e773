# faults: half_pixel_forgotten + minimum_size_always
# style: aligned is accepted and ignored, as in the first layers
# rest: right/notebook.py
def box_on_map(box, spatial_scale, aligned):
    roi_start_w, roi_start_h, roi_end_w, roi_end_h = [v * spatial_scale for v in box]
    roi_width = max(roi_end_w - roi_start_w, 1.0)
    roi_height = max(roi_end_h - roi_start_h, 1.0)
    return roi_start_h, roi_start_w, roi_height, roi_width
