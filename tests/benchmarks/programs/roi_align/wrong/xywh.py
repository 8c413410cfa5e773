# faults: box_as_width_and_height
# style: boxes read as x, y, w, h
# rest: right/loops.py
def box_on_map(box, spatial_scale, aligned):
    x, y, w, h = [side * spatial_scale for side in box]
    if aligned:
        return y - 0.5, x - 0.5, h, w
    if h < 1.0:
        h = 1.0
    if w < 1.0:
        w = 1.0
    return y, x, h, w
