# faults: x_and_y_swapped
# style: short names, one loop, list comprehension for everything
# rest: right/by_the_notebook.py
import numpy as np


def one(fm, box, size, split):
    a, b, c, d = box
    rows = [(a + s, a + e) for s, e in split(max(c - a, 1), size[0])]
    cols = [(b + s, b + e) for s, e in split(max(d - b, 1), size[1])]
    return pool_bins(fm, rows, cols)


def roi_pool(features, rois, output_size, spatial_scale):
    out = np.zeros((len(rois), features.shape[1], *output_size), features.dtype)
    for k, r in enumerate(rois):
        out[k] = one(features[int(r[0])], quantize_roi(r[1:], spatial_scale), output_size, bin_edges)
    return out


def roi_pool_caffe(features, rois, output_size, spatial_scale):
    out = np.zeros((len(rois), features.shape[1], *output_size), features.dtype)
    for k, r in enumerate(rois):
        box = quantize_roi_caffe(r[1:], spatial_scale)
        out[k] = one(features[int(r[0])], box, output_size, bin_edges_overlap)
    return out
