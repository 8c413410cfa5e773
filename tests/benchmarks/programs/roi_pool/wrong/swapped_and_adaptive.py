# faults: x_and_y_swapped + overlapping_bins
# style: class with an adaptive pool
# rest: right/classes.py
import math

import numpy as np


class AdaptiveRoIPool:
    def __init__(self, size):
        self.size = size

    def edges(self, n, parts):
        return [(math.floor(p * n / parts), math.ceil((p + 1) * n / parts)) for p in range(parts)]

    def forward(self, image, box):
        y1, x1, y2, x2 = box
        rows = [(y1 + a, y1 + b) for a, b in self.edges(max(y2 - y1, 1), self.size[0])]
        columns = [(x1 + a, x1 + b) for a, b in self.edges(max(x2 - x1, 1), self.size[1])]
        return pool_bins(image, rows, columns)


def roi_pool(features, rois, output_size, spatial_scale):
    layer = AdaptiveRoIPool(output_size)
    out = np.zeros((len(rois), features.shape[1], *output_size), dtype=features.dtype)
    for k, roi in enumerate(rois):
        out[k] = layer.forward(features[int(roi[0])], quantize_roi(roi[1:], spatial_scale))
    return out
