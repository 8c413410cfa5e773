# faults: started_at_zero
# style: np.maximum with the zeros that are there already
# rest: right/generators.py
import numpy as np


def pool_bins(feature_map, rows, columns):
    C, H, W = feature_map.shape
    out = np.zeros((C, len(rows), len(columns)), feature_map.dtype)
    for y in range(H):
        inr = [i for i, (a, b) in enumerate(rows) if a <= y < b]
        for x in range(W):
            inc = [j for j, (a, b) in enumerate(columns) if a <= x < b]
            for i in inr:
                for j in inc:
                    out[:, i, j] = np.maximum(out[:, i, j], feature_map[:, y, x])
    return out
