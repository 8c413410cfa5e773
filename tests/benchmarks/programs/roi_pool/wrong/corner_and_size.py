# faults: box_as_width_and_height
# style: COCO habit, x, y, w, h
# rest: right/lists.py
from math import floor

import numpy as np


def roi_pool(features, rois, output_size, spatial_scale):
    ph, pw = output_size
    out = np.zeros((len(rois), features.shape[1], ph, pw), features.dtype)
    for k, (image, x, y, w, h) in enumerate(rois.tolist()):
        x1, y1 = floor(x * spatial_scale), floor(y * spatial_scale)
        x2, y2 = floor((x + w) * spatial_scale), floor((y + h) * spatial_scale)
        rows = shifted(bin_edges(max(y2 - y1, 1), ph), y1)
        cols = shifted(bin_edges(max(x2 - x1, 1), pw), x1)
        out[k] = pool_bins(features[int(image)], rows, cols)
    return out
