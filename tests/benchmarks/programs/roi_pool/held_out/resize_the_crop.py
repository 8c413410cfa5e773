# faults: resized | resized + clipped_before_the_bins
# style: thinks of the layer as an image resize, helper for one plane
# rest: right/slices.py
import numpy as np


def resize_plane(plane, out_h, out_w):
    in_h, in_w = plane.shape
    out = np.zeros((out_h, out_w))
    for i in range(out_h):
        for j in range(out_w):
            sy = i * in_h / out_h
            sx = j * in_w / out_w
            y0, x0 = int(sy), int(sx)
            y1, x1 = min(y0 + 1, in_h - 1), min(x0 + 1, in_w - 1)
            fy, fx = sy - y0, sx - x0
            a = plane[y0, x0] * (1 - fx) + plane[y0, x1] * fx
            b = plane[y1, x0] * (1 - fx) + plane[y1, x1] * fx
            out[i, j] = a * (1 - fy) + b * fy
    return out


def pool_bins(feature_map, rows, columns):
    C, H, W = feature_map.shape
    result = np.zeros((C, len(rows), len(columns)), feature_map.dtype)
    y1, y2 = max(rows[0][0], 0), min(rows[-1][1], H)
    x1, x2 = max(columns[0][0], 0), min(columns[-1][1], W)
    if y2 <= y1 or x2 <= x1:
        return result
    for c in range(C):
        # bring the region to the fixed size
        result[c] = resize_plane(feature_map[c, y1:y2, x1:x2], len(rows), len(columns))
    return result
