# faults: started_at_first_cell
# style: loops, best = the first number of the map
# rest: right/two_passes.py
import numpy as np


def pool_bins(feature_map, rows, columns):
    C, H, W = feature_map.shape
    out = np.zeros((C, len(rows), len(columns)), dtype=feature_map.dtype)
    for c, plane in enumerate(feature_map):
        for i, (y1, y2) in enumerate(rows):
            for j, (x1, x2) in enumerate(columns):
                ys = range(max(y1, 0), min(y2, H))
                xs = range(max(x1, 0), min(x2, W))
                best = plane[0, 0]
                for y in ys:
                    for x in xs:
                        best = np.maximum(best, plane[y, x])
                out[c, i, j] = best
    return out
