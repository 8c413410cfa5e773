# faults: channels_mixed + overlapping_bins
# style: interview answer, one max() for all
# rest: right/counting.py
import math

import numpy as np


def pool_bins(feature_map, rows, columns):
    C, H, W = feature_map.shape
    out = np.zeros((C, len(rows), len(columns)), dtype=feature_map.dtype)
    for i, (top, bottom) in enumerate(rows):
        for j, (left, right) in enumerate(columns):
            part = feature_map[:, max(top, 0) : max(bottom, 0), max(left, 0) : max(right, 0)]
            out[:, i, j] = np.max(part) if part.size else 0
    return out


def roi_pool(features, rois, output_size, spatial_scale):
    out = np.zeros((len(rois), features.shape[1], *output_size), dtype=features.dtype)
    for k, roi in enumerate(rois):
        x1, y1, x2, y2 = quantize_roi(roi[1:], spatial_scale)
        h, w = max(y2 - y1, 1), max(x2 - x1, 1)
        bin_h, bin_w = h / output_size[0], w / output_size[1]
        rows = [
            (y1 + math.floor(i * h / output_size[0]), y1 + math.ceil((i + 1) * h / output_size[0]))
            for i in range(output_size[0])
        ]
        cols = [
            (x1 + math.floor(j * w / output_size[1]), x1 + math.ceil((j + 1) * w / output_size[1]))
            for j in range(output_size[1])
        ]
        out[k] = pool_bins(features[int(roi[0])], rows, cols)
    return out
