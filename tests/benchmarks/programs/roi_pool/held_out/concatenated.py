# faults: rois_on_channel_axis
# style: appends to a list, concatenates at the end, no preallocated arrays
# rest: right/slices.py
import numpy as np


def all_rois(features, rois, output_size, spatial_scale, quantize, split):
    pooled = [np.zeros((0,) + tuple(output_size), dtype=features.dtype)]
    for roi in rois:
        x1, y1, x2, y2 = quantize(roi[1:], spatial_scale)
        rows = [(y1 + a, y1 + b) for a, b in split(max(y2 - y1, 1), output_size[0])]
        cols = [(x1 + a, x1 + b) for a, b in split(max(x2 - x1, 1), output_size[1])]
        pooled.append(pool_bins(features[int(roi[0])], rows, cols))
    return np.concatenate(pooled, axis=0)[np.newaxis]


def roi_pool(features, rois, output_size, spatial_scale):
    return all_rois(features, rois, output_size, spatial_scale, quantize_roi, bin_edges)


def roi_pool_caffe(features, rois, output_size, spatial_scale):
    return all_rois(features, rois, output_size, spatial_scale, quantize_roi_caffe, bin_edges_overlap)
