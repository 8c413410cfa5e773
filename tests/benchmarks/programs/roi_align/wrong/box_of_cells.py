# faults: still_quantized
# style: the box floored as in RoI pooling, then the samples
# rest: right/notebook.py
import numpy as np


def box_on_map(box, spatial_scale, aligned):
    x1, y1, x2, y2 = np.floor(np.asarray(box, dtype=float) * spatial_scale)
    height, width = y2 - y1, x2 - x1
    if aligned:
        return y1 - 0.5, x1 - 0.5, height, width
    return y1, x1, max(height, 1.0), max(width, 1.0)
