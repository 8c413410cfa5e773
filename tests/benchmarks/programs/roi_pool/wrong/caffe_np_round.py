# faults: caffe_halves_to_even
# style: np.rint
# rest: right/by_the_notebook.py
import numpy as np


def quantize_roi_caffe(roi, spatial_scale):
    x1, y1, x2, y2 = np.rint(np.array(roi, dtype=np.float64) * spatial_scale).astype(int)
    return int(x1), int(y1), int(x2) + 1, int(y2) + 1
