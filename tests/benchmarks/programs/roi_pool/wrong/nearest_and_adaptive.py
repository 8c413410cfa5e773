# faults: nearest_ends + overlapping_bins
# style: Caffe half remembered
# rest: right/functional.py
import numpy as np


def quantize_roi(roi, spatial_scale):
    return tuple(away(float(v) * spatial_scale) for v in roi)


def bin_edges(length, bins):
    return [(p * length // bins, -(-(p + 1) * length // bins)) for p in range(bins)]


def roi_pool(features, rois, output_size, spatial_scale):
    return layer(quantize_roi, bin_edges, features, rois, output_size, spatial_scale)
