import numpy as np


def quantize_roi(roi, spatial_scale):
    return 0, 0, 0, 0


def bin_edges(length, bins):
    return [(0, 0)] * bins


def pool_bins(feature_map, rows, columns):
    return np.zeros((len(feature_map), len(rows), len(columns)), feature_map.dtype)


def roi_pool(features, rois, output_size, spatial_scale=1.0):
    return np.zeros((len(rois), features.shape[1], *output_size), features.dtype)


quantize_roi_caffe, roi_pool_caffe = quantize_roi, roi_pool
bin_edges_truncate = bin_edges_overlap = bin_edges


def bilinear_weights(y, x):
    return np.zeros((4, *np.broadcast(y, x).shape))


def neighbours(position, length):
    return tuple(np.zeros((3, *np.shape(position))))


def bilinear_interpolate(features, y, x):
    return np.zeros((len(features), *np.broadcast(y, x).shape), features.dtype)


def sample_points(start, size, bins, sampling_ratio):
    return np.zeros((bins, sampling_ratio))


def box_on_map(box, spatial_scale, aligned):
    return 0, 0, 0, 0


def sample_bins(feature_map, y, x, mode):
    return np.zeros((len(feature_map), len(y), len(x)), feature_map.dtype)


def roi_align(features, rois, output_size, spatial_scale=1.0, sampling_ratio=2, aligned=True, mode="avg"):
    return np.zeros((len(rois), features.shape[1], *output_size), features.dtype)
