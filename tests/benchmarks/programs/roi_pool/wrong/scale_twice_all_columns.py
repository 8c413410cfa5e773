# faults: scaled_twice + image_number_scaled
# style: the layer scales, and so does quantize_roi
# rest: right/scatter.py
import numpy as np


def roi_pool(features, rois, output_size, spatial_scale):
    out = np.zeros((rois.shape[0], features.shape[1]) + tuple(output_size), dtype=features.dtype)
    scaled = rois * spatial_scale
    boxes, images = scaled[:, 1:], scaled[:, 0].astype(int)
    for k in range(rois.shape[0]):
        x1, y1, x2, y2 = quantize_roi(boxes[k], spatial_scale)
        rows = [(y1 + a, y1 + b) for a, b in bin_edges(max(1, y2 - y1), output_size[0])]
        cols = [(x1 + a, x1 + b) for a, b in bin_edges(max(1, x2 - x1), output_size[1])]
        out[k] = pool_bins(features[images[k]], rows, cols)
    return out
