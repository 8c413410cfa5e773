# faults: half_pixel_added
# style: "the centre of the cell is half a cell further"
# rest: right/notebook.py
import numpy as np


def box_on_map(box, spatial_scale, aligned):
    start = np.array([box[1], box[0]], dtype=float) * spatial_scale
    end = np.array([box[3], box[2]], dtype=float) * spatial_scale
    size = end - start
    if aligned:
        start = start + 0.5
    else:
        size = np.maximum(size, 1.0)
    return (*start, *size)
