# faults: averaged + nearest_ends
# style: boolean masks, mean over the cells they choose
# rest: right/masks.py
import numpy as np


def quantize_roi(roi, spatial_scale):
    scaled = np.asarray(roi, dtype=float) * spatial_scale
    return tuple(np.where(scaled < 0, np.ceil(scaled - 0.5), np.floor(scaled + 0.5)).astype(int).tolist())


def pool_bins(feature_map, rows, columns):
    C, H, W = feature_map.shape
    pooled = np.zeros((C, len(rows), len(columns)), dtype=feature_map.dtype)
    for i, r in enumerate(memberships(rows, H)):
        for j, c in enumerate(memberships(columns, W)):
            if r.any() and c.any():
                pooled[:, i, j] = feature_map[:, r][:, :, c].mean(axis=(1, 2))
    return pooled
