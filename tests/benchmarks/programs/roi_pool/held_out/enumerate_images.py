# faults: roi_number_as_image
# style: zips, thought one box belongs to one image
# rest: right/slices.py
import numpy as np


def layer(features, rois, size, scale, quantize, split):
    K, (PH, PW) = len(rois), size
    out = np.zeros((K, features.shape[1], PH, PW), dtype=features.dtype)
    for n, roi in enumerate(rois):
        image = features[n]
        x1, y1, x2, y2 = quantize(roi[1:5], scale)
        h, w = max(1, y2 - y1), max(1, x2 - x1)
        rows = [(s + y1, e + y1) for s, e in split(h, PH)]
        cols = [(s + x1, e + x1) for s, e in split(w, PW)]
        out[n] = pool_bins(image, rows, cols)
    return out


def roi_pool(features, rois, output_size, spatial_scale):
    return layer(features, rois, output_size, spatial_scale, quantize_roi, bin_edges)


def roi_pool_caffe(features, rois, output_size, spatial_scale):
    return layer(features, rois, output_size, spatial_scale, quantize_roi_caffe, bin_edges_overlap)
