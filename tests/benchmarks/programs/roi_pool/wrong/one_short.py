# faults: ends_one_early
# style: "exclusive, so minus one"
# rest: right/masks.py
import numpy as np


def roi_pool(features, rois, output_size, spatial_scale):
    pooled = np.zeros((len(rois), features.shape[1], *output_size), dtype=features.dtype)
    for k in range(len(rois)):
        x1, y1, x2, y2 = quantize_roi(rois[k][1:], spatial_scale)
        last_x, last_y = x2 - 1, y2 - 1
        height, width = max(1, last_y - y1), max(1, last_x - x1)
        rows = [(y1 + a, y1 + b) for a, b in bin_edges(height, output_size[0])]
        columns = [(x1 + a, x1 + b) for a, b in bin_edges(width, output_size[1])]
        pooled[k] = pool_bins(features[int(rois[k][0])], rows, columns)
    return pooled
