# faults: half_pixel_before_scaling + minimum_size_always
# style: offset on the image, minimum on the map
# rest: right/notebook.py
import numpy as np


def box_on_map(box, spatial_scale, aligned):
    box = np.array(box, dtype=np.float64)
    if aligned:
        box -= 0.5
    x1, y1, x2, y2 = box * spatial_scale
    return y1, x1, max(y2 - y1, 1.0), max(x2 - x1, 1.0)
