"""The right solution in small steps, for `misconceptions.py` to put other versions in place of each.

Executed before it, in the same namespace: the steps find each other by their names.
"""

from math import copysign, floor

import numpy as np


# ------------------------------------------------------------------ the box
def quantize_roi(roi, spatial_scale):
    return tuple(far_ends(rounded(scaled(roi, spatial_scale, rounded))))


def quantize_roi_caffe(roi, spatial_scale):
    return tuple(far_ends_caffe(rounded_caffe(scaled(roi, spatial_scale, rounded_caffe))))


def scaled(roi, spatial_scale, rounding):
    return [float(end) * factor(spatial_scale) for end in roi]


def rounded(ends):
    return [floor(end) for end in ends]


def rounded_caffe(ends):
    return [int(copysign(floor(abs(end) + 0.5), end)) for end in ends]


def far_ends_caffe(ends):
    x1, y1, x2, y2 = ends
    return x1, y1, x2 + 1, y2 + 1


# ------------------------------------------------------------------ the bins
def bin_edges(length, bins):
    return [finished_bin(edges) for edges in cut(length, bins)]


def cut(length, bins):
    return [(p * length // bins, (p + 1) * length // bins) for p in range(bins)]


def bin_edges_truncate(length, bins):
    size = max(length // bins, 1)
    return [(min(p * size, length), min((p + 1) * size, length)) for p in range(bins)]


def bin_edges_overlap(length, bins):
    return [(p * length // bins, -(-(p + 1) * length // bins)) for p in range(bins)]


def cut_caffe(length, bins):
    return bin_edges_overlap(length, bins)


# ------------------------------------------------------------------ the maximum of each bin
def pool_bins(feature_map, rows, columns):
    result = np.zeros((len(feature_map), len(rows), len(columns)), dtype_of(feature_map))
    for ph, row in enumerate(rows):
        for pw, column in enumerate(columns):
            cells = cells_of(feature_map, *bin_axes((row, column)))
            result[:, ph, pw] = maximum(cells, feature_map) if cells.size else no_cells(cells, feature_map)
    return result


def cells_of(feature_map, row, column):
    (top, bottom), (left, right) = on_map(row, feature_map.shape[1]), on_map(column, feature_map.shape[2])
    return feature_map[:, top:bottom, left:right]


def on_map(ends, size):
    return max(ends[0], 0), max(min(ends[1], size), 0)


def maximum(cells, feature_map):
    return cells.max(axis=(1, 2))


def no_cells(cells, feature_map):
    return 0.0


def dtype_of(features):
    return features.dtype


# ------------------------------------------------------------------ the layer
def roi_pool(features, rois, output_size, spatial_scale):
    return layer(features, rois, output_size, spatial_scale, quantize_roi, bin_edges)


def roi_pool_caffe(features, rois, output_size, spatial_scale):
    return layer(features, rois, output_size, spatial_scale, quantize_roi_caffe, cut_caffe)


def layer(features, rois, output_size, spatial_scale, quantize, split):
    output_size, pooled = bins_asked(output_size), rois_pooled(rois, spatial_scale, quantize)
    result = np.zeros((len(pooled), features.shape[1], *output_size), dtype_of(features))
    for k, roi in enumerate(np.asarray(pooled).tolist()):
        image, *box = row_read(roi)
        feature_map = features[image_of(k, image, spatial_scale)]
        result[k] = pool_roi(feature_map, box, output_size, spatial_scale, quantize, split)
    after_the_boxes(rois, spatial_scale)
    after_the_maps(features)
    return last_axes(rows_of(result))


def image_of(k, image, spatial_scale):
    return int(image)


def pool_roi(feature_map, box, output_size, spatial_scale, quantize, split):
    H, W = feature_map.shape[1:]
    region = region_read(quantize(box_read(box, H, W), spatial_scale), H, W)
    region = at_least_one_cell(far_border(border(region, H, W), H, W), H, W)
    return pool_region(feature_map, region, output_size, split)


def box_read(box, H, W):
    return corners(axes(on_image(box, H, W), H, W), H, W)


def at_least_one_cell(region, H, W):
    x1, y1, x2, y2 = region
    return x1, y1, max(x2, x1 + 1), max(y2, y1 + 1)


def pool_region(feature_map, region, output_size, split):
    return pool_bins(feature_map, *placed_bins(region, output_size, split))


def placed_bins(region, output_size, split):
    (x1, y1, x2, y2), (PH, PW) = region, output_size
    return placed(y1, split(y2 - y1, PH)), placed(x1, split(x2 - x1, PW))


def placed(offset, edges):
    return [(offset + start, offset + end) for start, end in edges]


# ------------------------------------------------------------------ where others do something
def as_it_is(given, *more):
    return given


factor = far_ends = as_it_is
finished_bin = bin_axes = as_it_is
row_read = on_image = axes = corners = as_it_is  # of a RoI
region_read = border = far_border = as_it_is  # of its box in cells
rois_pooled = bins_asked = as_it_is
rows_of = last_axes = as_it_is  # of the result
after_the_boxes = after_the_maps = as_it_is  # whether the layer leaves its arguments alone
