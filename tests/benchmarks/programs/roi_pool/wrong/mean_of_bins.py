# faults: averaged
# style: .mean, otherwise short
# rest: right/classes.py
import numpy as np


def pool_bins(feature_map, rows, columns):
    C, H, W = feature_map.shape
    out = np.zeros((C, len(rows), len(columns)), feature_map.dtype)
    for i, (y1, y2) in enumerate(rows):
        for j, (x1, x2) in enumerate(columns):
            cells = feature_map[:, max(y1, 0) : max(y2, 0), max(x1, 0) : max(x2, 0)]
            if cells.size > 0:
                out[:, i, j] = cells.mean(axis=(1, 2))
    return out


def pool_spans(image, rows, columns):
    pairs = [[(span.start, span.stop) for span in spans] for spans in (rows, columns)]
    return pool_bins(image, *pairs)
