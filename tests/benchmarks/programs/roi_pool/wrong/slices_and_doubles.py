# faults: negative_index_wraps + always_float64
# style: short, neither dtype nor border thought of
# rest: right/generators.py
import numpy as np


def pool_bins(feature_map, rows, columns):
    out = np.zeros((feature_map.shape[0], len(rows), len(columns)))
    for i, (a, b) in enumerate(rows):
        for j, (c, d) in enumerate(columns):
            cells = feature_map[:, a:b, c:d]
            if cells.size:
                out[:, i, j] = cells.max((1, 2))
    return out


def roi_pool(features, rois, output_size, spatial_scale):
    out = np.zeros((len(rois), features.shape[1], *output_size))
    for k, maxima in enumerate(pooled(features, rois, quantize_roi, bin_edges, *output_size, spatial_scale)):
        out[k] = maxima
    return out
