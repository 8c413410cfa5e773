# faults: halves_to_even + last_row_lost
# style: torch homework, round and clamp
# rest: right/torch_like.py
import numpy as np


def quantize_roi(roi, spatial_scale):
    box = np.asarray(roi, dtype=np.float64) * spatial_scale
    return tuple(np.round(box).astype(np.int64).tolist())


def roi_pool(features, rois, output_size, spatial_scale=1.0):
    _, C, H, W = features.shape
    output = np.zeros((len(rois), C, *output_size), dtype=features.dtype)
    for i, roi in enumerate(rois):
        x1, y1, x2, y2 = quantize_roi(roi[1:], spatial_scale)
        x2, y2 = min(x2, W - 1), min(y2, H - 1)
        h, w = max(y2 - y1, 1), max(x2 - x1, 1)
        rows = [(y1 + a, y1 + b) for a, b in bin_edges(h, output_size[0])]
        cols = [(x1 + a, x1 + b) for a, b in bin_edges(w, output_size[1])]
        output[i] = pool_bins(features[int(roi[0])], rows, cols)
    return output
