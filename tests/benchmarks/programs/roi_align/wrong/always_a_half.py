# faults: half_pixel_always
# style: the size first, the corner last
# rest: right/notebook.py
def box_on_map(box, spatial_scale, aligned):
    x1, y1, x2, y2 = box
    size_y = (y2 - y1) * spatial_scale
    size_x = (x2 - x1) * spatial_scale
    if not aligned:
        size_y = max(size_y, 1.0)
        size_x = max(size_x, 1.0)
    return y1 * spatial_scale - 0.5, x1 * spatial_scale - 0.5, size_y, size_x
