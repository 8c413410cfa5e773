# faults: half_pixel_forgotten
# style: unpacks and scales each end, dictionary
# rest: right/loops.py
def box_on_map(box, spatial_scale, aligned):
    b = dict(zip(("left", "top", "right", "bottom"), [float(v) * spatial_scale for v in box]))
    height = b["bottom"] - b["top"]
    width = b["right"] - b["left"]
    if not aligned:
        height, width = max(1.0, height), max(1.0, width)
    return b["top"], b["left"], height, width
