# faults: scale_inverted
# style: scale as a stride
# rest: right/notebook.py
import numpy as np


def box_on_map(box, spatial_scale, aligned):
    stride = spatial_scale
    x1, y1, x2, y2 = np.asarray(box, float) / stride
    if aligned:
        return y1 - 0.5, x1 - 0.5, y2 - y1, x2 - x1
    return y1, x1, max(y2 - y1, 1.0), max(x2 - x1, 1.0)
