# faults: rounded_outward + empty_bin_crashes
# style: floor and ceil, max without a guard
# rest: right/slices.py
import math

import numpy as np


def quantize_roi(roi, spatial_scale):
    x1, y1, x2, y2 = (float(v) * spatial_scale for v in roi)
    return math.floor(x1), math.floor(y1), math.ceil(x2), math.ceil(y2)


def pool_bins(feature_map, rows, columns):
    _, H, W = feature_map.shape
    clip = lambda edges, size: [(min(max(a, 0), size), min(max(b, 0), size)) for a, b in edges]
    return np.stack(
        [
            np.stack([feature_map[:, a:b, c:d].max(axis=(1, 2)) for c, d in clip(columns, W)], axis=-1)
            for a, b in clip(rows, H)
        ],
        axis=-2,
    )
