# faults: no_minimum_size + empty_bin_minus_infinity
# style: filled with -inf from the start
# rest: right/loops.py
import numpy as np


def pool_bins(feature_map, rows, columns):
    C, H, W = feature_map.shape
    out = np.full((C, len(rows), len(columns)), -np.inf, dtype=feature_map.dtype)
    for i in range(len(rows)):
        for j in range(len(columns)):
            for y in range(max(rows[i][0], 0), min(rows[i][1], H)):
                for x in range(max(columns[j][0], 0), min(columns[j][1], W)):
                    out[:, i, j] = np.maximum(out[:, i, j], feature_map[:, y, x])
    return out


def roi_pool(features, rois, output_size, spatial_scale):
    PH, PW = output_size
    out = np.zeros((len(rois), features.shape[1], PH, PW), dtype=features.dtype)
    for k in range(len(rois)):
        x1, y1, x2, y2 = quantize_roi(rois[k, 1:], spatial_scale)
        rows = [(y1 + s, y1 + e) for s, e in bin_edges(y2 - y1, PH)]
        cols = [(x1 + s, x1 + e) for s, e in bin_edges(x2 - x1, PW)]
        out[k] = pool_bins(features[int(rois[k, 0])], rows, cols)
    return out
