# faults: caffe_halves_to_even
# style: numpy one-liners for the last step, the rest was right
# rest: right/by_the_notebook.py
import numpy as np


def quantize_roi_caffe(roi, spatial_scale):
    x1, y1, x2, y2 = np.rint(np.asarray(roi, dtype=np.float64) * spatial_scale).astype(int).tolist()
    # inclusive, so one more at the end
    return (x1, y1, x2 + 1, y2 + 1)
