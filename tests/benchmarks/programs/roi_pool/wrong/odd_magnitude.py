# faults: none
# style: the cell of the largest magnitude, with its sign
# rest: right/monolith.py
import numpy as np


def strongest(cells):
    flat = cells.reshape(len(cells), -1)
    return flat[np.arange(len(flat)), np.abs(flat).argmax(axis=1)]


def pool_bins(feature_map, rows, columns):
    C, H, W = feature_map.shape
    out = np.zeros((C, len(rows), len(columns)), dtype=feature_map.dtype)
    for i, (y1, y2) in enumerate(rows):
        for j, (x1, x2) in enumerate(columns):
            cells = feature_map[:, max(y1, 0) : max(y2, 0), max(x1, 0) : max(x2, 0)]
            if cells.size:
                out[:, i, j] = strongest(cells)
    return out


def roi_pool(features, rois, output_size, spatial_scale):
    out = np.zeros((len(rois), features.shape[1], *output_size), dtype=features.dtype)
    for k, roi in enumerate(rois):
        x1, y1, x2, y2 = quantize_roi(roi[1:], spatial_scale)
        rows = [(y1 + a, y1 + b) for a, b in bin_edges(max(y2 - y1, 1), output_size[0])]
        columns = [(x1 + a, x1 + b) for a, b in bin_edges(max(x2 - x1, 1), output_size[1])]
        out[k] = pool_bins(features[int(roi[0])], rows, columns)
    return out
