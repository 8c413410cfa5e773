# faults: x_and_y_swapped
# style: boxes read as y1, x1, y2, x2
# rest: right/notebook.py
def box_on_map(box, spatial_scale, aligned):
    y1, x1, y2, x2 = (float(v) * spatial_scale for v in box)
    height = y2 - y1
    width = x2 - x1
    if aligned:
        y1 -= 0.5
        x1 -= 0.5
    else:
        height, width = max(1.0, height), max(1.0, width)
    return y1, x1, height, width
