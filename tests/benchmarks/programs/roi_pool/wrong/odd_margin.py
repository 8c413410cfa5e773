# faults: none
# style: a tenth of the box is added on each side "for context"
# rest: right/padded.py
import numpy as np


def quantize_roi(roi, spatial_scale):
    x1, y1, x2, y2 = np.asarray(roi, dtype=np.float64) * spatial_scale
    mx, my = 0.1 * (x2 - x1), 0.1 * (y2 - y1)
    return int(np.floor(x1 - mx)), int(np.floor(y1 - my)), int(np.floor(x2 + mx)), int(np.floor(y2 + my))
