# faults: half_pixel_before_scaling
# style: offset of the box, then scale
# rest: right/plain_lists.py
def box_on_map(box, spatial_scale, aligned):
    offset = 0.5 if aligned else 0
    left, top, right, bottom = [(v - offset) * spatial_scale for v in box]
    height, width = bottom - top, right - left
    if aligned:
        return top, left, height, width
    return top, left, max(height, 1.0), max(width, 1.0)
