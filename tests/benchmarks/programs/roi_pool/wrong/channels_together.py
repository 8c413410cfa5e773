# faults: channels_mixed
# style: .max() over the whole slice
# rest: right/slices.py
import numpy as np


def pool_bins(feature_map, rows, columns):
    C, H, W = feature_map.shape
    out = np.zeros((C, len(rows), len(columns)), feature_map.dtype)
    for i, (y1, y2) in enumerate(rows):
        for j, (x1, x2) in enumerate(columns):
            y1, y2 = max(y1, 0), min(y2, H)
            x1, x2 = max(x1, 0), min(x2, W)
            if y1 < y2 and x1 < x2:
                out[:, i, j] = feature_map[:, y1:y2, x1:x2].max()
    return out
