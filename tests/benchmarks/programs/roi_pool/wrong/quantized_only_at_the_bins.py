# faults: snapped_once
# style: float box, every bin edge floored
# rest: right/fractions_exact.py
import math

import numpy as np


def roi_pool(features, rois, output_size, spatial_scale):
    PH, PW = output_size
    result = np.zeros((len(rois), features.shape[1], PH, PW), dtype=features.dtype)
    for k, roi in enumerate(rois):
        x1, y1, x2, y2 = [float(v) * spatial_scale for v in roi[1:]]
        w, h = max(x2 - x1, 1.0), max(y2 - y1, 1.0)
        rows = [(math.floor(y1 + p * h / PH), math.floor(y1 + (p + 1) * h / PH)) for p in range(PH)]
        cols = [(math.floor(x1 + p * w / PW), math.floor(x1 + (p + 1) * w / PW)) for p in range(PW)]
        result[k] = pool_bins(features[int(roi[0])], rows, cols)
    return result
