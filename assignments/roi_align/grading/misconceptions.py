"""What people take RoIAlign for, in place of the steps of `solution.py`: executed in its namespace.

A version stands in for the step that `MISCONCEPTIONS` or `OTHER_CONVENTIONS` names; versions of different
steps combine. Its docstring is the sentence for its author, beside the heading in `SECTIONS`.
"""
# ruff: noqa: F821  (the names of the steps)

import numpy as np

_cells = cells  # the right one, for those that use it

# ------------------------------------------------------------------ where a bin is sampled

def thirds(start, size, bins, ratio):
    """The points divide the bin, at 1/3 and 2/3. Cut it into equal parts first: where are their middles?"""
    return start + (np.arange(bins)[:, None] + (np.arange(ratio) + 1) / (ratio + 1)) * size / bins

def corners_for_centres(start, size, bins, ratio):
    """The points run from end to end of the box, like `linspace`; each lies in the middle of its part."""
    return np.linspace(start, start + size, bins * ratio).reshape(bins, ratio)

def ends_of_each_bin(start, size, bins, ratio):
    """The points run from end to end of each bin, like `linspace`; each lies in the middle of its part."""
    return start + (np.arange(bins)[:, None] + np.linspace(0, 1, ratio)) * size / bins

def from_the_bins_corner(start, size, bins, ratio):
    """The points stand at the beginning of their parts (0 and 1/2 of the bin), not in the middle."""
    return start + (np.arange(bins)[:, None] + np.arange(ratio) / ratio) * size / bins

def zero_and_third(start, size, bins, ratio):
    """The points stand at 0 and 1/3 of the bin. How many equal parts has it, and where are their middles?"""
    return start + (np.arange(bins)[:, None] + np.arange(ratio) / (ratio + 1)) * size / bins

def quantized_points(start, size, bins, ratio):
    """The sample points were rounded down to cells; RoIAlign quantizes neither box nor bins nor samples."""
    return np.floor(start + (np.arange(bins)[:, None] + (np.arange(ratio) + 0.5) / ratio) * size / bins)

def quantized_bins(start, size, bins, ratio):
    """The size of a bin was rounded down to cells; a bin 2.96875 cells long stays that long."""
    return start + (np.arange(bins)[:, None] + (np.arange(ratio) + 0.5) / ratio) * (size // bins)

def one_sample(sampling_ratio):
    """Every bin has one sample, in its middle, whatever sampling_ratio says."""
    return 1

def one_sample__but_where_empty(sampling_ratio):
    """Every bin has one sample, in its middle, whatever sampling_ratio says."""
    return min(sampling_ratio, 1)

def ratio_is_the_total__points(sampling_ratio):
    """sampling_ratio was read as all samples of a bin; it counts them on *one* side."""
    return max(int(sampling_ratio**0.5), 1)


# ------------------------------------------------------------------ the box on the map

def boxes_changed_in_place(box, spatial_scale):
    """The caller's boxes were scaled in place, so that a second call scales them again; work on a copy."""
    kept = [float(end) for end in box]
    if isinstance(box, np.ndarray):
        box[...] = box * spatial_scale
    return kept

def x_and_y_swapped(box):
    """x and y are in each other's place. Which of them does a box name first, and which does an array?"""
    return [box[1], box[0], box[3], box[2]]

def box_as_width_and_height(box):
    """The last two numbers of a box were read as width and height; they are its other corner, x2 and y2."""
    return [box[0], box[1], box[0] + box[2], box[1] + box[3]]

def scale_forgotten(end, spatial_scale):
    """The box was not multiplied by spatial_scale; it is in pixels of the image, the map has cells."""
    return end

def scale_inverted(end, spatial_scale):
    """The box was divided by spatial_scale. Is a cell larger than a pixel, or smaller?"""
    return end / spatial_scale

def scaled_twice(end, spatial_scale):
    """The box was multiplied by spatial_scale twice, perhaps in two functions that each do it."""
    return end * spatial_scale * spatial_scale

def still_quantized(end):
    """The box was rounded down to cells, as in RoI pooling; RoIAlign keeps its fractions."""
    return float(np.floor(end))

def still_quantized__rounded(end):
    """The box was rounded to the nearest cells, as in RoI pooling; RoIAlign keeps its fractions."""
    return float(np.round(end))

def still_quantized__cut(end):
    """The box was cut to whole cells by `int`; RoIAlign keeps its fractions."""
    return float(np.trunc(end))

def half_pixel_forgotten(spatial_scale, aligned):
    """With aligned=True half a cell is missing. Where in its cell does a value stand, then?"""
    return 0.0

def half_pixel_added(spatial_scale, aligned):
    """With aligned=True the half cell was added. Cell 3's centre, 3.5, has index 3: which way is that?"""
    return -0.5 if aligned else 0.0

def half_pixel_before_scaling(spatial_scale, aligned):
    """Half a *pixel of the image* was taken off, before scaling; it is half a cell of the map."""
    return 0.5 * spatial_scale if aligned else 0.0

def half_pixel_twice(spatial_scale, aligned):
    """With aligned=True half a cell was taken off twice, perhaps for the box and for its samples."""
    return 1.0 if aligned else 0.0

def half_pixel_always(spatial_scale, aligned):
    """Half a cell was taken off with aligned=False, too; that one reads values at the cells' corners."""
    return 0.5

def size_from_unscaled_box(low, high, in_pixels, aligned):
    """Width and height are those of the box in pixels of the image; they are needed in cells."""
    return in_pixels

def width_plus_one(low, high, in_pixels, aligned):
    """Width and height are one cell too large: + 1 belongs to inclusive ends, as pooling layers have them."""
    return high - low + 1

def half_pixel_changes_the_size(low, high, in_pixels, aligned):
    """The half cell was taken off one corner and went into the size; it moves the box as a whole."""
    return high - low + (0.5 if aligned else 0.0)

def minimum_size_always(length, aligned):
    """A small box was made one cell large with aligned=True, too. Whose is that minimum?"""
    return max(length, 1.0)

def minimum_size_never(length, aligned):
    """With aligned=False a box has a smallest width and height, which is missing."""
    return length


# ------------------------------------------------------------------ one value for each bin

def no_samples_are_nan(shape, mode):
    """A bin without samples has no average and no maximum to NumPy; the layer's value for it is 0."""
    return np.full(shape, np.nan if mode == "avg" else np.max([]))

def grid_in_xy_order(y, x):
    """The samples were read with y and x in each other's place: each row of bins goes down the map."""
    return x, y

def normalised_by_size(position, length):
    """Coordinates were normalised with n and brought back with n − 1 (or the like): the two must match."""
    return position * (length - 1) / length

def normalised_by_size__in_the_sampler(position, length):
    """Coordinates were normalised with n and brought back with n − 1 (or the like): the two must match."""
    return _cells(position * (length - 1) / length, length)

def pixels_not_normalised(position, length):
    """Coordinates in cells were read as if they went from −1 to 1; most samples then lie outside."""
    return (position + 1) / 2 * (length - 1)

def clamped_everywhere(y, x, H, W):
    """Every sample was clamped to the map, however far away; beyond [−1, H] or [−1, W] it counts 0."""
    return np.zeros(np.broadcast(y, x).shape, bool)

def zero_at_once(y, x, H, W):
    """Every sample beyond the outermost cells was set to 0; up to one cell outside, it is clamped."""
    return (y < 0) | (y > H - 1) | (x < 0) | (x > W - 1)

def x_tested_against_height(y, x, H, W):
    """x was tested against the map's height; on a map that is not square that is another line."""
    return (y < -1) | (y > H) | (x < -1) | (x > H)

def zero_padding(feature_map, y, x, mode):
    """The map was continued with zeros; a sample up to one cell outside has the border's value in full."""
    return blended(np.pad(feature_map, ((0, 0), (1, 1), (1, 1))), y + 1, x + 1, mode)

def weights_after_the_clip(position, length):
    """The weights were taken from clipped neighbours. What are they where both neighbours are one cell?"""
    low, high = (np.clip(np.floor(position) + step, 0, length - 1).astype(int) for step in (0, 1))
    return position, low, high, high

def ceil_for_second_neighbour(position, length):
    """The second neighbour is the ceiling. What is that at a whole coordinate, and what are the weights?"""
    position = np.clip(position, 0, length - 1)
    low, high = np.floor(position).astype(int), np.ceil(position).astype(int)
    return position, low, high, high

def nearest_cell(position, low, upper):
    """Each sample was read from the nearest cell; RoIAlign interpolates between four."""
    return 1 - (position - low >= 0.5), position - low >= 0.5

def nearest_cell__halves_to_even(position, low, upper):
    """Each sample was read from the nearest cell, as `round` has it; RoIAlign interpolates between four."""
    return 1 - (np.round(position) > low), np.round(position) > low

def floored_cell(position, low, upper):
    """Each sample was read from the cell before it (`int` or floor); RoIAlign interpolates between four."""
    return np.ones_like(position), np.zeros_like(position)

def maximum_of_weighted_corners(terms, mode):
    """The maximum was taken of the cells, each times its weight; it is taken of the interpolated samples."""
    return np.max(terms, axis=0) if mode == "max" else sum(terms)

def outside_left_out(samples, is_outside, mode):
    """Samples outside the map were left out; they count 0, and they count."""
    kept = np.where(is_outside, np.nan, samples)
    without_nan = {np.mean: np.nanmean, np.sum: np.nansum}.get(reduction(mode), np.nanmax)
    return np.nan_to_num(without_nan(kept, axis=(2, 4)))

def always_average(mode):
    """The average was taken whatever `mode` says; "max" asks for the largest sample of each bin."""
    return np.mean

def always_maximum(mode):
    """The maximum was taken whatever `mode` says; "avg" asks for the average of each bin's samples."""
    return np.max

def maximum_started_at_zero(mode):
    """The maximum of a bin is never below 0. What was it compared with first, and can values be negative?"""
    return np.mean if mode == "avg" else lambda samples, axis: np.max(samples, axis, initial=0)

def summed_not_averaged(mode):
    """The samples of a bin were summed up; the average still divides by their number."""
    return np.sum if mode == "avg" else np.max

def channels_mixed(values, mode):
    """One value was taken over all channels; each channel is sampled by itself."""
    return np.broadcast_to(reduction(mode)(values, axis=0), values.shape)


# ------------------------------------------------------------------ the whole layer

def torchvisions_defaults(features, rois, output_size, spatial_scale=1.0, sampling_ratio=-1, aligned=False,
                          mode="avg"):
    """The defaults are torchvision's (not aligned, adaptive); this course's are aligned=True, 2×2 samples."""
    return layer(features, rois, output_size, spatial_scale, sampling_ratio, aligned, mode)

def output_size_swapped(output_size):
    """output_size was read as (width, height); it is (rows of bins, columns of bins)."""
    return output_size[1], output_size[0]

def square_outputs_only(output_size):
    """The number of rows was used for the columns, too; output_size has two numbers."""
    return output_size[0], output_size[0]

def batch_index_ignored(features, roi, k, spatial_scale):
    """Every RoI was read from image 0; the first number of a RoI says which image is its own."""
    return features[0]

def roi_number_as_image(features, roi, k, spatial_scale):
    """RoI k was read from image k; the first number of a RoI says which image is its own."""
    return features[k]

def image_number_scaled(features, roi, k, spatial_scale):
    """The image number was multiplied by spatial_scale along with the box; it is no coordinate."""
    return features[int(roi[0] * spatial_scale)]

def clipped_to_the_map(box, feature_map, spatial_scale):
    """The box was cut off at the map's border before it was divided; the bins belong to the whole box."""
    H, W = feature_map.shape[1:]
    return np.clip(box, 0, np.array([W, H, W, H]) / spatial_scale)

def clipped_to_the_map__last_cell(box, feature_map, spatial_scale):
    """The box was cut off at the map's last cell before it was divided; the bins belong to the whole box."""
    H, W = feature_map.shape[1:]
    return np.clip(box, 0, np.array([W - 1, H - 1, W - 1, H - 1]) / spatial_scale)

def adaptive_counts_of_one_axis(height, width, PH, PW, ratio):
    """The adaptive number of samples was taken from the height for both axes; each axis has its own."""
    return count(height, PH, ratio), count(height, PH, ratio)

def ratio_is_the_total(length, bins, ratio):
    """sampling_ratio was read as all samples of a bin; it counts them on *one* side."""
    return max(int(ratio**0.5), 1) if ratio > 0 else max(int(np.ceil(length / bins)), 0)

def adaptive_floor(length, bins, ratio):
    """The adaptive number of samples was rounded down; it is rounded up."""
    return ratio if ratio > 0 else max(int(length // bins), 0)

def adaptive_floor__but_one(length, bins, ratio):
    """The adaptive number of samples was rounded down, and is at least one; it is rounded up."""
    return ratio if ratio > 0 else max(int(length // bins), 1)

def adaptive_floor__but_one_where_full(length, bins, ratio):
    """The adaptive number of samples was rounded down, and is at least one; it is rounded up."""
    return ratio if ratio > 0 else max(int(length // bins), int(length > 0))

def adaptive_at_least_one(length, bins, ratio):
    """Adaptive sampling took one sample at least; an empty or reversed box has none, and gives 0."""
    return ratio if ratio > 0 else max(int(np.ceil(length / bins)), 1)

def adaptive_means_one(length, bins, ratio):
    """A sampling_ratio of 0 or below was read as one sample; it asks for a number that fits the box."""
    return max(ratio, 1)

def adaptive_only_below_zero(length, bins, ratio):
    """A sampling_ratio of 0 was read as no samples; it is adaptive, as −1 is."""
    return ratio if ratio >= 0 else max(int(np.ceil(length / bins)), 0)

def rows_reversed(result, rois):
    """The results come in reverse order; row k of the result belongs to rois[k]."""
    return result[::-1]

def rows_sorted_by_image(result, rois):
    """The results come image by image; row k of the result belongs to rois[k], in any order of images."""
    return result[np.argsort(rois[:, 0], kind="stable")]

def only_first_roi(result, rois):
    """Only the first RoI's result came back; is the `return` inside of the loop?"""
    return result[:1]

def rois_on_channel_axis(result, rois):
    """The results of the RoIs were joined along the channels; RoIs have an axis of their own, the first."""
    return result.reshape(1, len(result) * result.shape[1], *result.shape[2:])

def output_transposed(result):
    """The last two axes are exchanged: rows of bins (y) come before columns (x)."""
    return result.swapaxes(2, 3)

def integer_output(result, dtype):
    """The values were cut to whole numbers: look for an `int`, or for an array of integers."""
    return result.astype(int)

def always_float64(result, dtype):
    """The result is float64 even where the features are float32; asked for is the dtype of `features`."""
    return result.astype(np.float64)


MISCONCEPTIONS = {
    "points": (
        thirds, corners_for_centres, ends_of_each_bin, from_the_bins_corner, zero_and_third,
        quantized_points, quantized_bins,
    ),
    "a_side": (one_sample, one_sample__but_where_empty, ratio_is_the_total__points),
    "own": (boxes_changed_in_place,),
    "ends": (x_and_y_swapped, box_as_width_and_height),
    "scaled": (scale_forgotten, scale_inverted, scaled_twice),
    "quantized": (still_quantized, still_quantized__rounded, still_quantized__cut),
    "half_cell": (
        half_pixel_forgotten, half_pixel_added, half_pixel_before_scaling, half_pixel_twice, half_pixel_always
    ),
    "size": (size_from_unscaled_box, width_plus_one, half_pixel_changes_the_size),
    "minimum": (minimum_size_always, minimum_size_never),
    "of_no_samples": (no_samples_are_nan,),
    "order": (grid_in_xy_order,),
    "index": (normalised_by_size, pixels_not_normalised),
    "outside": (clamped_everywhere, zero_at_once, x_tested_against_height),
    "sampled": (zero_padding,),
    "cells": (normalised_by_size__in_the_sampler, weights_after_the_clip, ceil_for_second_neighbour),
    "shares": (nearest_cell, nearest_cell__halves_to_even, floored_cell),
    "combined": (maximum_of_weighted_corners,),
    "pooled": (outside_left_out,),
    "reduction": (always_average, always_maximum, maximum_started_at_zero, summed_not_averaged),
    "channels": (channels_mixed,),
    "bins_of": (output_size_swapped, square_outputs_only),
    "image_of": (batch_index_ignored, roi_number_as_image, image_number_scaled),
    "whole": (clipped_to_the_map, clipped_to_the_map__last_cell),
    "counts": (adaptive_counts_of_one_axis,),
    "count": (
        ratio_is_the_total, adaptive_floor, adaptive_floor__but_one, adaptive_floor__but_one_where_full,
        adaptive_at_least_one, adaptive_means_one, adaptive_only_below_zero,
    ),
    "rows_of": (rows_reversed, rows_sorted_by_image, only_first_roi, rois_on_channel_axis),
    "oriented": (output_transposed,),
    "finished": (integer_output, always_float64),
}  # fmt: skip
OTHER_CONVENTIONS = {"roi_align": (torchvisions_defaults,)}
_STEPS = {
    "Step 1. Where a bin is sampled": "points a_side",
    "Step 2. The box on the map": "own ends scaled quantized half_cell size minimum",
    "Step 3. One value for each bin": "order index cells shares combined pooled reduction channels",
    "Step 4. The whole layer": "roi_align bins_of image_of rows_of oriented finished",
    "Step 5. Boxes over the border": "outside sampled whole",
    "Step 6. How many samples": "of_no_samples counts count",
}
SECTIONS = {step: heading for heading, steps in _STEPS.items() for step in steps.split()}
