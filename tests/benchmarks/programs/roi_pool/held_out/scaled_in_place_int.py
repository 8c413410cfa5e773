# faults: boxes_changed_in_place + cut_toward_zero
# style: the well-known gist by heart: slice assignment, int()
# rest: right/by_the_notebook.py
import numpy as np


def quantize_roi(roi, spatial_scale):
    return tuple(int(c * spatial_scale) for c in roi)


def roi_pool(features, rois, output_size, spatial_scale):
    out = []
    rois[:, 1:] *= spatial_scale
    for i in range(rois.shape[0]):
        roi = rois[i]
        x1, y1, x2, y2 = quantize_roi(roi[1:], 1.0)
        rows = [(y1 + s, y1 + e) for s, e in bin_edges(max(y2 - y1, 1), output_size[0])]
        cols = [(x1 + s, x1 + e) for s, e in bin_edges(max(x2 - x1, 1), output_size[1])]
        out.append(pool_bins(features[int(roi[0])], rows, cols))
    if not out:
        return np.zeros((0, features.shape[1], output_size[0], output_size[1]), features.dtype)
    return np.stack(out)
