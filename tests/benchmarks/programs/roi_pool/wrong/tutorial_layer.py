# faults: truncated_bins + started_at_zero + always_float64
# style: a tutorial's nested loops in plain Python floats
# rest: right/counting.py
import numpy as np


def roi_pool(features, rois, output_size, spatial_scale):
    K, C = len(rois), features.shape[1]
    H, W = features.shape[2:]
    PH, PW = output_size
    out = np.zeros((K, C, PH, PW))
    for k in range(K):
        x1, y1, x2, y2 = quantize_roi(rois[k, 1:], spatial_scale)
        h, w = max(y2 - y1, 1), max(x2 - x1, 1)
        sh, sw = max(h // PH, 1), max(w // PW, 1)
        for c in range(C):
            for i in range(PH):
                for j in range(PW):
                    m = 0.0
                    for y in range(y1 + i * sh, min(y1 + (i + 1) * sh, y1 + h)):
                        for x in range(x1 + j * sw, min(x1 + (j + 1) * sw, x1 + w)):
                            if 0 <= y < H and 0 <= x < W:
                                m = np.maximum(m, features[int(rois[k, 0]), c, y, x])
                    out[k, c, i, j] = m
    return out
