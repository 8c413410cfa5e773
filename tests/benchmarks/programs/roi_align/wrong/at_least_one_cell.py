# faults: minimum_size_always
# style: the minimum before the question
# rest: right/notebook.py
import numpy as np


def box_on_map(box, spatial_scale, aligned):
    x1, y1, x2, y2 = np.asarray(box) * spatial_scale
    height, width = np.maximum([y2 - y1, x2 - x1], 1.0)
    half = 0.5 if aligned else 0.0
    return y1 - half, x1 - half, height, width
