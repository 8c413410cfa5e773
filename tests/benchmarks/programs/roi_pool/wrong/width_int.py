# faults: width_quantized
# style: x, y, w, h, floor of each
# rest: right/by_the_notebook.py
import numpy as np


def quantize_roi(roi, spatial_scale):
    x1, y1, x2, y2 = [float(c) * spatial_scale for c in roi]
    x = np.floor(x1)
    y = np.floor(y1)
    w = np.floor(x2 - x1)
    h = np.floor(y2 - y1)
    return int(x), int(y), int(x + w), int(y + h)
