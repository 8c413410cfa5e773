# faults: summed_not_averaged + scale_forgotten
# style: accumulating arrays, no scale
# rest: right/edge_padding.py
import numpy as np


def box_on_map(box, spatial_scale, aligned):
    x1, y1, x2, y2 = np.asarray(box, dtype=float)
    offset = 0.5 if aligned else 0
    h, w = (y2 - y1, x2 - x1) if aligned else (max(y2 - y1, 1), max(x2 - x1, 1))
    return y1 - offset, x1 - offset, h, w


def sample_bins(feature_map, y, x, mode):
    C, H, W = feature_map.shape
    if y.shape[1] == 0 or x.shape[1] == 0:
        return np.zeros((C, len(y), len(x)), feature_map.dtype)
    padded = np.pad(feature_map, ((0, 0), (1, 2), (1, 2)), mode="edge").astype(float)
    grids = [column_of_samples(padded, row, column, H, W) for row in y.T for column in x.T]
    return (sum(grids) if mode == "avg" else np.max(grids, axis=0)).astype(feature_map.dtype)
