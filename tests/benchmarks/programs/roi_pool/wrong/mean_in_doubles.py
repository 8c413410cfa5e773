# faults: averaged + always_float64
# style: monolithic, sum divided by count; pool_bins right
# rest: right/monolith.py
import numpy as np


def roi_pool(features, rois, output_size, spatial_scale):
    N, C, H, W = features.shape
    PH, PW = output_size
    out = np.zeros((len(rois), C, PH, PW))
    for k, roi in enumerate(rois):
        x1, y1, x2, y2 = quantize_roi(roi[1:], spatial_scale)
        rows = bin_edges(max(y2 - y1, 1), PH)
        columns = bin_edges(max(x2 - x1, 1), PW)
        for i, (a, b) in enumerate(rows):
            for j, (c, d) in enumerate(columns):
                total, count = np.zeros(C), 0
                for y in range(y1 + a, y1 + b):
                    for x in range(x1 + c, x1 + d):
                        if 0 <= y < H and 0 <= x < W:
                            total += features[int(roi[0]), :, y, x]
                            count += 1
                if count:
                    out[k, :, i, j] = total / count
    return out
