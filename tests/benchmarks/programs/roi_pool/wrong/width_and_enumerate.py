# faults: width_quantized + roi_number_as_image
# style: quantize_roi right, the layer does not use it
# rest: right/torch_like.py
import numpy as np


def roi_pool(features, rois, output_size, spatial_scale=1.0):
    pooled = []
    for b, (_, x1, y1, x2, y2) in enumerate(rois):
        x, y = int(x1 * spatial_scale // 1), int(y1 * spatial_scale // 1)
        width = int((x2 - x1) * spatial_scale // 1)
        height = int((y2 - y1) * spatial_scale // 1)
        width = width if width > 0 else 1
        height = height if height > 0 else 1
        rows = [(y + s, y + e) for s, e in bin_edges(height, output_size[0])]
        cols = [(x + s, x + e) for s, e in bin_edges(width, output_size[1])]
        pooled.append(pool_bins(features[b], rows, cols))
    if not pooled:
        return np.zeros((0, features.shape[1], *output_size), dtype=features.dtype)
    return np.stack(pooled)
