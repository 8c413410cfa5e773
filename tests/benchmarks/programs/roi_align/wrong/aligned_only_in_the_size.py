# faults: half_pixel_forgotten
# style: the notebook's step, one case forgotten
# rest: right/notebook.py
def box_on_map(box, spatial_scale, aligned):
    x1, y1, x2, y2 = (v * spatial_scale for v in box)
    width, height = x2 - x1, y2 - y1
    if not aligned:
        width, height = max(width, 1.0), max(height, 1.0)
    return y1, x1, height, width
