# faults: none
# style: defensive, puts the corners of a box into order
# rest: right/by_the_notebook.py
import numpy as np


def quantize_roi(roi, spatial_scale):
    xa, ya, xb, yb = (float(v) for v in roi)
    # boxes may come with their corners the wrong way round
    xmin, xmax = min(xa, xb), max(xa, xb)
    ymin, ymax = min(ya, yb), max(ya, yb)
    return tuple(int(np.floor(v * spatial_scale)) for v in (xmin, ymin, xmax, ymax))
