"""What people take RoI pooling for, in place of the steps of `solution.py`: executed in its namespace.

A wrong version has the signature of its step and calls other steps by their names, so that ideas combine; its
docstring is the sentence that its author reads. The tables at the end say what stands in place of what.
"""
# ruff: noqa: F821  (the names of the steps)

from math import ceil, copysign, floor

import numpy as np


# ------------------------------------------------------------------ what several of them are built from
def _moved(ends, start, end):
    return ends[0] + start, ends[1] + start, ends[2] + end, ends[3] + end
def _equal(size, length, bins):
    return [(min(p * size, length), min((p + 1) * size, length)) for p in range(bins)]
def _of_sizes(sizes):
    return [(sum(sizes[:p]), sum(sizes[: p + 1])) for p in range(len(sizes))]
def _resized(feature_map, region, output_size, first):
    """One bilinear sample a bin: at its corner (first = 0), or at its centre as half pixels have it (0.5)."""
    x1, y1, x2, y2 = (max(end, 0) for end in region)
    crop = feature_map[:, y1:y2, x1:x2]
    if not crop.size:
        return 0.0
    (_, h, w), (PH, PW) = crop.shape, output_size
    iy, ix = (np.arange(PH) + first) * h / PH - first, (np.arange(PW) + first) * w / PW - first
    return _interpolated(crop, iy, ix)
def _interpolated(feature_map, iy, ix):
    H, W = feature_map.shape[1:]
    iy, ix = np.clip(iy, 0, H - 1), np.clip(ix, 0, W - 1)
    top, left = iy.astype(int), ix.astype(int)
    bottom, right = np.minimum(top + 1, H - 1), np.minimum(left + 1, W - 1)
    rows = feature_map[:, top] + (feature_map[:, bottom] - feature_map[:, top]) * (iy - top)[:, None]
    return rows[:, :, left] + (rows[:, :, right] - rows[:, :, left]) * (ix - left)

# ================================================================== step 1
def scale_forgotten(spatial_scale):
    """The box stayed in pixels of the image; what takes it to cells of the map?"""
    return 1.0
def scaled_twice(spatial_scale):
    """The box was multiplied by spatial_scale twice on its way to the map."""
    return spatial_scale**2
def scale_inverted(spatial_scale):
    """The box was divided by spatial_scale; is the map larger than the image, or smaller?"""
    return 1 / spatial_scale
def scale_cut_to_whole(spatial_scale):
    """spatial_scale was cut to a whole number; what remains of 1/16?"""
    return int(spatial_scale)

def rounded_before_scaling(roi, spatial_scale, rounding):
    """The box was rounded in pixels of the image, before it was scaled; cells are what is rounded to."""
    return [float(end) * factor(spatial_scale) for end in rounding(roi)]
def first_coordinate_unscaled(roi, spatial_scale, rounding):
    """x1 stayed in pixels while the others were scaled; does the slice begin one coordinate too late?"""
    return [float(roi[0]), *(float(end) * factor(spatial_scale) for end in roi[1:])]

def halves_to_even(ends):
    """The ends were rounded to the nearest cell, halves to the even one, as by `round`; here all go down."""
    return [round(end) for end in ends]
def width_quantized(ends):
    """Width and height were rounded, not the far ends; each of the four ends is rounded by itself."""
    x1, y1, x2, y2 = ends
    return floor(x1), floor(y1), floor(x1) + floor(x2 - x1), floor(y1) + floor(y2 - y1)
def cut_toward_zero(ends):
    """The decimals were cut off, as `int` does; what becomes of −0.5, and what is its floor?"""
    return [int(end) for end in ends]
def one_cell_too_many(ends):
    """The far ends were rounded up and one cell was added: the box holds cells that it does not touch."""
    return _moved([floor(end) for end in ends[:2]] + [ceil(end) for end in ends[2:]], 0, 1)
def ends_rounded_up(ends):
    """All four ends were rounded up; in which cell does a box begin that begins at 1.2?"""
    return [ceil(end) for end in ends]
def nearest_ends(ends):
    """The ends were rounded to the nearest cell, as Caffe and torchvision do; here they go down."""
    return [int(copysign(floor(abs(end) + 0.5), end)) for end in ends]
def nearest_ends__halves_up(ends):
    """The ends were rounded to the nearest cell, halves up, as by adding 0.5; here they all go down."""
    return [floor(end + 0.5) for end in ends]
def rounded_outward(ends):
    """The far ends were rounded up to cover all that the box touches, as some do; here they go down."""
    return [floor(end) for end in ends[:2]] + [ceil(end) for end in ends[2:]]

def inclusive_ends(ends):
    """The cells of x2 and y2 were counted in, as Caffe and torchvision do; here the ends are exclusive."""
    return _moved(ends, 0, 1)
def starts_one_late(ends):
    """The region begins one cell late; is the cell of x1 and y1 in the box? Cells are counted from 0."""
    return _moved(ends, 1, 0)
def ends_one_early(ends):
    """The region ends one cell early; an exclusive end is already one past the last cell."""
    return _moved(ends, 0, -1)

# ================================================================== step 2
def last_bin_takes_the_rest(length, bins):
    """Bins have floor(n / P) cells and the last takes the rest, as in some layers; here it is shared out."""
    return _of_sizes([length // bins] * (bins - 1) + [length - length // bins * (bins - 1)])
def remainder_to_first_bin(length, bins):
    """The first bin took all the cells that were left over; the two floors share them out."""
    return _of_sizes([length - length // bins * (bins - 1)] + [length // bins] * (bins - 1))
def larger_bins_first(length, bins):
    """Bins have ceil(n / P) cells until none are left, as some layers cut them; here 5 cells are 2 + 3."""
    return _equal(-(-length // bins), length, bins)
def larger_bins_first__by_one(length, bins):
    """The first bins have one cell more, as `np.array_split` cuts them; here 5 cells are 2 + 3."""
    return _of_sizes([length // bins + (p < length % bins) for p in range(bins)])
def overlapping_bins(length, bins):
    """These are overlapping bins, as Caffe and torchvision cut them; here bins share no cell."""
    return [(p * length // bins, -(-(p + 1) * length // bins)) for p in range(bins)]
def truncated_bins(length, bins):
    """Bins have floor(n / P) cells and the rest is dropped, as in many tutorials; here none is left out."""
    return _equal(max(length // bins, 1), length, bins)
def float_bin_size(length, bins):
    """The bin size was kept as a float, whose multiples miss a whole number now and then; use integers."""
    return [(int(p * (length / bins)), int((p + 1) * (length / bins))) for p in range(bins)]
def bin_edges_rounded(length, bins):
    """The edges between bins were rounded to the nearest cell; compare 8 cells in 3 bins with the picture."""
    return [(round(p * length / bins), round((p + 1) * length / bins)) for p in range(bins)]
def bin_edges_rounded_up(length, bins):
    """The edges between bins were rounded up; compare 5 cells in 2 bins with the formula."""
    return [(-(-p * length // bins), -(-(p + 1) * length // bins)) for p in range(bins)]

def bins_one_cell_longer(edges):
    """Each bin reaches one cell too far; is a bin's end its last cell, or the one after it?"""
    return edges[0], edges[1] + 1
def bins_at_least_one_cell(edges):
    """Bins without a cell were given one; is the minimum of one cell a bin's, or the region's?"""
    return edges[0], max(edges[1], edges[0] + 1)

# ================================================================== step 3
def started_at_zero(cells, feature_map):
    """The search for the maximum began at 0; what becomes of a bin that holds −3, −1 and −2?"""
    return np.maximum(cells.max(axis=(1, 2)), 0)
def channels_mixed(cells, feature_map):
    """One maximum was taken over all channels; over which axes does each channel have its own?"""
    return cells.max()
def averaged(cells, feature_map):
    """The average of each bin was taken, as in average pooling; this layer keeps another number."""
    return cells.mean(axis=(1, 2))
def one_cell_picked(cells, feature_map):
    """The top left cell of each bin was taken, without a look at the others."""
    return cells[:, 0, 0]
def nan_skipped(cells, feature_map):
    """A NaN in a bin was passed over; step 3 says what it does to a maximum."""
    return np.fmax.reduce(cells, axis=(1, 2))
def whole_map_pooled__in_each_bin(cells, feature_map):
    """The maximum of the whole map stands in every bin; only a bin's own cells count."""
    return feature_map.max(axis=(1, 2))
def started_at_first_cell(cells, feature_map):
    """The search for the maximum began at the first cell of the map; is that cell in the bin?"""
    return np.maximum(cells.max(axis=(1, 2), initial=-np.inf), feature_map[:, 0, 0])

def empty_bin_crashes(cells, feature_map):
    """The maximum of a bin without cells was asked for, and there is none; step 3 says what stands there."""
    return cells.max(axis=(1, 2))
def empty_bin_minus_infinity(cells, feature_map):
    """A bin without cells kept the −inf at which the search began; step 3 says what stands there."""
    return -np.inf
def empty_bin_minus_infinity__nearly(cells, feature_map):
    """A bin without cells kept the lowest float, at which the search began; step 3 says what stands there."""
    return np.finfo(cells.dtype).min

def last_row_lost__in_bins(ends, size):
    """Bins were limited to H − 1 and W − 1 as exclusive ends; which cells of the map does that lose?"""
    return max(ends[0], 0), max(min(ends[1], size - 1), 0)
def negative_index_wraps__in_slices(ends, size):
    """A bin was sliced from a negative start, which counts from the far side: try `[1, 2, 3][-1:2]`."""
    return ends
def negative_index_wraps(feature_map, row, column):
    """Cells at negative indices were read, which NumPy takes from the far side; they are off the map."""
    H, W = feature_map.shape[1:]
    return feature_map[:, np.arange(row[0], min(row[1], H))[:, None], np.arange(column[0], min(column[1], W))]
def x_and_y_swapped__in_bins(axes_of_bin):
    """Rows and columns were exchanged where a bin's cells are read: an array is indexed y first."""
    return axes_of_bin[::-1]

def integer_output(features):
    """The result is made of integers, which cuts decimals off; asked for is the dtype of the features."""
    return int
def always_float64(features):
    """The result is float64 whatever comes in; asked for is the dtype of the features."""
    return float

# ================================================================== step 4
def clipped_before_scaling(box, H, W):
    """The box was limited to the map's size while it was still in pixels of the image."""
    return [min(max(end, 0), size) for end, size in zip(box, (W, H, W, H), strict=True)]
def x_and_y_swapped(box, H, W):
    """x and y are swapped: a box names x first, an array is indexed y first."""
    return [box[1], box[0], box[3], box[2]]
def box_as_width_and_height(box, H, W):
    """The last two numbers of the box were read as its width and height; they are its far corner."""
    return [box[0], box[1], box[0] + box[2], box[1] + box[3]]
def y_from_below(region, H, W):
    """y was measured from the bottom of the map; where is row 0?"""
    return region[0], H - region[1], region[2], H - region[1] + region[3] - region[1]
def y_from_below__turned(region, H, W):
    """The box was turned upside down, as if y were measured from the bottom of the map; where is row 0?"""
    return region[0], H - region[3], region[2], H - region[1]
def height_as_width(region, H, W):
    """The region is as high as it is wide: was a line for x copied, and y forgotten in it?"""
    return region[0], region[1], region[2], region[1] + region[2] - region[0]
def whole_map_pooled(region, H, W):
    """The whole map was cut into bins; only the box's part of it is pooled."""
    return 0, 0, W, H

def clipped_before_the_bins(region, H, W):
    """The box was cut off at the map's border and then cut into bins; which of the two comes first?"""
    return max(region[0], 0), max(region[1], 0), min(region[2], W), min(region[3], H)
def last_row_lost(region, H, W):
    """The ends were limited to H − 1 and W − 1, but they are exclusive; which cells does that lose?"""
    return region[0], region[1], min(region[2], W - 1), min(region[3], H - 1)
def no_minimum_size(region, H, W):
    """A box under one cell, or a reversed one, was left without cells; read the contract's second point."""
    return region
def offset_applied_twice(offset, edges):
    """The box's corner was added twice, so that the bins lie too far from the map's origin."""
    return [(2 * offset + start, 2 * offset + end) for start, end in edges]
def offset_applied_twice__in_crop(feature_map, region, output_size, split):
    """The region was cut out of the map, and its bins looked for as far from the origin as before."""
    x1, y1, x2, y2 = (max(end, 0) for end in region)
    rows, columns = placed_bins(region, output_size, split)
    return pool_bins(feature_map[:, y1:y2, x1:x2], rows, columns)

def resized(feature_map, region, output_size, split):
    """The region was resized by interpolation, which makes values that the map does not hold."""
    return _resized(feature_map, region, output_size, 0.0)
def resized_half_pixel(feature_map, region, output_size, split):
    """The region was resized by interpolation at the bins' centres, to values that the map does not hold."""
    return _resized(feature_map, region, output_size, 0.5)
def resized_to_double(feature_map, box, output_size, spatial_scale, quantize, split):
    """The box was resized to twice the output and then pooled by twos, as `crop_and_resize` layers do."""
    (C, H, W), (PH, PW) = feature_map.shape, output_size
    x1, y1, x2, y2 = scaled(box_read(box, H, W), spatial_scale, rounded)
    iy, ix = np.linspace(y1, y2, 2 * PH) * (H - 1) / H, np.linspace(x1, x2, 2 * PW) * (W - 1) / W
    return _interpolated(feature_map, iy, ix).reshape(C, PH, 2, PW, 2).max(axis=(2, 4))
def snapped_once(feature_map, box, output_size, spatial_scale, quantize, split):
    """Bins were cut from the unrounded box and rounded once, as in KerasCV; here the box is rounded first."""
    x1, y1, x2, y2 = scaled(box_read(box, *feature_map.shape[1:]), spatial_scale, rounded)
    height, width, (PH, PW) = max(y2 - y1, 1), max(x2 - x1, 1), output_size
    rows = [(floor(y1 + p * height / PH), floor(y1 + (p + 1) * height / PH)) for p in range(PH)]
    columns = [(floor(x1 + p * width / PW), floor(x1 + (p + 1) * width / PW)) for p in range(PW)]
    return pool_bins(feature_map, rows, columns)

def roi_number_as_image(k, image, spatial_scale):
    """RoI k was taken from image k; each RoI says itself which image it lies in."""
    return k
def batch_index_ignored(k, image, spatial_scale):
    """All RoIs were taken from the first image; each RoI says which image it lies in."""
    return 0
def image_number_scaled(k, image, spatial_scale):
    """The image number was multiplied by spatial_scale together with the box; is it a coordinate?"""
    return int(image * spatial_scale)
def batch_index_in_last_column(roi):
    """The image number was looked for at the end of the row; what does the table say of `rois`?"""
    return [roi[4], *roi[:4]]
def empty_rois_left_out(rois, spatial_scale, quantize):
    """RoIs without a whole cell have no row in the result; every RoI has one."""
    ends = [quantize(roi[1:], spatial_scale) for roi in rois]
    return [roi for roi, (x1, y1, x2, y2) in zip(rois, ends, strict=True) if x1 < x2 and y1 < y2]
def only_first_roi__returned(rois, spatial_scale, quantize):
    """The result holds the first RoI alone; there are K of them."""
    return rois[:1]
def only_first_roi(result):
    """Only the first RoI was pooled; does the `return` stand inside of the loop?"""
    return np.concatenate([result[:1], np.zeros_like(result[1:])])
def rows_reversed(result):
    """The results come in the reverse order; row k of the result belongs to rois[k]."""
    return result[::-1]
def rois_on_channel_axis(result):
    """The results were joined along the channels; RoIs have an axis of their own, the first."""
    return result.reshape(1, len(result) * result.shape[1], *result.shape[2:])
def rois_on_channel_axis__of_one_map(result):
    """The results were joined along the channels; RoIs have an axis of their own, the first."""
    return result.reshape(len(result) * result.shape[1], *result.shape[2:])

def output_transposed(result):
    """The last two axes are exchanged: rows of bins come before columns."""
    return result.swapaxes(2, 3)
def axis_of_one_squeezed(result):
    """An axis of length 1 was squeezed away; the result always has four."""
    return result.squeeze()
def square_outputs_only(output_size):
    """The number of rows was used for the columns, too; output_size has two numbers."""
    return output_size[0], output_size[0]
def output_size_swapped(output_size):
    """output_size was read as (width, height); which of the two comes first?"""
    return output_size[1], output_size[0]
def boxes_changed_in_place(rois, spatial_scale):
    """The caller's boxes were scaled in place; what does a second call with the same boxes find?"""
    rois[:, 1:] *= spatial_scale
def features_changed_in_place(features):
    """The caller's features were written to; only the result is there to be written to."""
    np.negative(features, out=features)

# ================================================================== steps 5 and 6
def truncate_without_minimum(length, bins):
    """With fewer cells than bins all bins came out empty; which size does a bin have at least?"""
    return _equal(length // bins, length, bins)
def truncate_past_the_end(length, bins):
    """With fewer cells than bins, bins lie past the end of the region; to what are they clipped?"""
    return _equal(max(length // bins, 1), max(length, bins), bins)
def truncate_keeps_the_rest(length, bins):
    """The last bin took the cells that are left over; what does `truncate` do with them?"""
    edges = _equal(max(length // bins, 1), length, bins)
    return [*edges[:-1], (edges[-1][0], length)]
def overlap_starts_rounded_up(length, bins):
    """Starts and ends were both rounded up; in `overlap` they go different ways."""
    return [(-(-p * length // bins), -(-(p + 1) * length // bins)) for p in range(bins)]
def overlap_disjoint(length, bins):
    """Starts and ends were both rounded down; in `overlap` they go different ways."""
    return [(p * length // bins, (p + 1) * length // bins) for p in range(bins)]

def caffe_halves_to_even(ends):
    """`round` and `np.round` send halves to the even cell; where does C's round send 2.5?"""
    return [round(end) for end in ends]
def caffe_halves_up(ends):
    """Halves were rounded up on both sides of zero; where does C's round send −0.5?"""
    return [floor(end + 0.5) for end in ends]
def caffe_half_added_and_cut(ends):
    """One half was added and the decimals cut off, which is right above zero; try it with −1.25."""
    return [int(end + 0.5) for end in ends]
def caffe_ends_floored(ends):
    """The ends were rounded down, as in the course's own layer; Caffe's goes to the nearest cell."""
    return [floor(end) for end in ends]
def caffe_cut_toward_zero(ends):
    """The decimals were cut off; Caffe's layer goes to the nearest cell."""
    return [int(end) for end in ends]
def caffe_ends_excluded(ends):
    """The cells of x2 and y2 were left out; in Caffe's layer they belong to the box."""
    return ends
def caffe_disjoint_bins(length, bins):
    """The bins share no cell, as in the course's own layer; Caffe cuts them in another way."""
    return bin_edges(length, bins)


MISCONCEPTIONS = {
    "rounded": (halves_to_even, width_quantized, cut_toward_zero, one_cell_too_many, ends_rounded_up),
    "pool_region": (resized, resized_half_pixel, offset_applied_twice__in_crop),
    "pool_roi": (resized_to_double,),
    "border": (clipped_before_the_bins,),
    "rows_of": (rois_on_channel_axis, rois_on_channel_axis__of_one_map, rows_reversed, only_first_roi),
    "rois_pooled": (empty_rois_left_out, only_first_roi__returned),
    "axes": (x_and_y_swapped,), "bin_axes": (x_and_y_swapped__in_bins,),
    "after_the_boxes": (boxes_changed_in_place,),
    "image_of": (roi_number_as_image, image_number_scaled, batch_index_ignored),
    "row_read": (batch_index_in_last_column,),
    "far_border": (last_row_lost,), "on_map": (last_row_lost__in_bins, negative_index_wraps__in_slices),
    "cells_of": (negative_index_wraps,),
    "bins_asked": (square_outputs_only, output_size_swapped),
    "factor": (scaled_twice, scale_forgotten, scale_inverted, scale_cut_to_whole),
    "scaled": (first_coordinate_unscaled, rounded_before_scaling),
    "maximum": (
        channels_mixed, averaged, started_at_zero, one_cell_picked, nan_skipped, started_at_first_cell,
        whole_map_pooled__in_each_bin,
    ),
    "no_cells": (
        empty_bin_crashes, empty_bin_minus_infinity, empty_bin_minus_infinity__nearly, started_at_first_cell,
    ),
    "dtype_of": (integer_output, always_float64),
    "placed": (offset_applied_twice,), "corners": (box_as_width_and_height,),
    "region_read": (y_from_below, y_from_below__turned, height_as_width, whole_map_pooled),
    "on_image": (clipped_before_scaling,), "at_least_one_cell": (no_minimum_size,),
    "last_axes": (output_transposed, axis_of_one_squeezed),
    "far_ends": (starts_one_late, ends_one_early),
    "after_the_maps": (features_changed_in_place,),
    "cut": (remainder_to_first_bin, float_bin_size, bin_edges_rounded, bin_edges_rounded_up),
    "finished_bin": (bins_one_cell_longer, bins_at_least_one_cell),
    "rounded_caffe": (
        caffe_halves_to_even, caffe_halves_up, caffe_ends_floored, caffe_cut_toward_zero,
        caffe_half_added_and_cut,
    ),
    "far_ends_caffe": (caffe_ends_excluded,), "cut_caffe": (caffe_disjoint_bins,),
    "bin_edges_truncate": (truncate_without_minimum, truncate_past_the_end, truncate_keeps_the_rest),
    "bin_edges_overlap": (overlap_disjoint, overlap_starts_rounded_up),
}
OTHER_CONVENTIONS = {
    "rounded": (nearest_ends, nearest_ends__halves_up, rounded_outward),
    "far_ends": (inclusive_ends,),
    "cut": (
        overlapping_bins, truncated_bins, last_bin_takes_the_rest, larger_bins_first,
        larger_bins_first__by_one,
    ),
    "pool_roi": (snapped_once,),
}
_STEPS = {
    "Step 1. Quantize the box": "rounded far_ends factor scaled",
    "Step 2. Cut a length into bins": "cut finished_bin",
    "Step 3. The maximum of each bin": "maximum no_cells bin_axes on_map cells_of dtype_of",
    "Step 4. The whole layer": "on_image axes corners region_read border far_border at_least_one_cell placed "
    "pool_region pool_roi bins_asked rois_pooled row_read image_of rows_of last_axes after_the_boxes "
    "after_the_maps",
    "Step 5. Two other ways to cut bins": "bin_edges_truncate bin_edges_overlap",
    "Step 6. Caffe's layer": "rounded_caffe far_ends_caffe cut_caffe",
}
SECTIONS = {step: heading for heading, steps in _STEPS.items() for step in steps.split()}
