# faults: scaled_twice + image_number_scaled + last_row_lost
# style: scales the whole array at the start, then calls the step that scales again
# rest: right/loops.py
import numpy as np


def roi_pool(features, rois, output_size, spatial_scale):
    scaled = np.asarray(rois, dtype=float) * spatial_scale
    _, C, H, W = features.shape
    pooled = np.zeros((len(scaled), C, output_size[0], output_size[1]), dtype=features.dtype)
    for k, (idx, *box) in enumerate(scaled):
        x1, y1, x2, y2 = quantize_roi(box, spatial_scale)
        w, h = max(x2 - x1, 1), max(y2 - y1, 1)
        rows = [(y1 + s, min(y1 + e, H - 1)) for s, e in bin_edges(h, output_size[0])]
        cols = [(x1 + s, min(x1 + e, W - 1)) for s, e in bin_edges(w, output_size[1])]
        pooled[k] = pool_bins(features[int(idx)], rows, cols)
    return pooled
