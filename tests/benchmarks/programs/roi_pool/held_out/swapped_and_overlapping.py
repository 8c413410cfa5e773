# faults: x_and_y_swapped + overlapping_bins
# style: everything in one function, negative floor division
# rest: right/slices.py
import numpy as np


def bin_edges(length, bins):
    return [(i * length // bins, -((-(i + 1) * length) // bins)) for i in range(bins)]


def roi_pool(features, rois, output_size, spatial_scale):
    K, C = rois.shape[0], features.shape[1]
    output = np.zeros((K, C, output_size[0], output_size[1]), dtype=features.dtype)
    for k in range(K):
        y1, x1, y2, x2 = quantize_roi(rois[k, 1:], spatial_scale)
        height = max(y2 - y1, 1)
        width = max(x2 - x1, 1)
        rows = [(y1 + a, y1 + b) for a, b in bin_edges(height, output_size[0])]
        columns = [(x1 + a, x1 + b) for a, b in bin_edges(width, output_size[1])]
        output[k] = pool_bins(features[int(rois[k, 0])], rows, columns)
    return output
