# faults: size_from_unscaled_box
# style: corner scaled, size taken from the arguments
# rest: right/notebook.py
def box_on_map(box, spatial_scale, aligned):
    height = box[3] - box[1]
    width = box[2] - box[0]
    y, x = box[1] * spatial_scale, box[0] * spatial_scale
    if aligned:
        y, x = y - 0.5, x - 0.5
    else:
        height, width = max(height, 1.0), max(width, 1.0)
    return y, x, height, width
