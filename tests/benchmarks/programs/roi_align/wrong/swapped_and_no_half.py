# faults: x_and_y_swapped + half_pixel_forgotten
# style: lists, boxes in another order
# rest: right/plain_lists.py
def box_on_map(box, spatial_scale, aligned):
    ymin, xmin, ymax, xmax = [b * spatial_scale for b in box]
    if aligned:
        return ymin, xmin, ymax - ymin, xmax - xmin
    return ymin, xmin, max(ymax - ymin, 1.0), max(xmax - xmin, 1.0)
