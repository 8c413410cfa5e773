# faults: cut_toward_zero + always_float64
# style: list of lists, np.array at the end in its own dtype
# rest: right/lists.py
import numpy as np


def quantize_roi(roi, spatial_scale):
    return [int(float(v) * spatial_scale) for v in roi]


def roi_pool(features, rois, output_size, spatial_scale):
    ph, pw = output_size
    if len(rois) == 0:
        return np.zeros((0, features.shape[1], ph, pw))
    pooled = []
    for image, *box in rois.tolist():
        x1, y1, x2, y2 = quantize_roi(box, spatial_scale)
        rows = shifted(bin_edges(max(y2 - y1, 1), ph), y1)
        cols = shifted(bin_edges(max(x2 - x1, 1), pw), x1)
        pooled.append(pool_bins(features[int(image)], rows, cols).tolist())
    return np.array(pooled)
