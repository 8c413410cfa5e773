"""Wrong solutions that people really write. Each one runs; its docstring is the sentence for its author.

A function here has the signature of the function it replaces; ``MISCONCEPTIONS`` says which one that is.
A wrong submission is the solution with this one function put in the other's place.
"""

import numpy as np


# ------------------------------------------- in place of sample_points(start, size, bins, sampling_ratio)
def thirds(start, size, bins, sampling_ratio):
    """The points divide the bin, at 1/3 and 2/3; they are the middles of equal *parts* of it, 1/4 and 3/4."""
    inner = (np.arange(sampling_ratio) + 1) / (sampling_ratio + 1)
    return start + (np.arange(bins)[:, None] + inner) * size / bins


def corners_for_centres(start, size, bins, sampling_ratio):
    """The points run from end to end of the box (`linspace`); they are the middles of equal parts."""
    return np.linspace(start, start + size, bins * sampling_ratio).reshape(bins, sampling_ratio)


def from_the_bins_corner(start, size, bins, sampling_ratio):
    """Each part of the bin was sampled at its upper left corner, not in its middle: + 0.5 is missing."""
    parts = bins * sampling_ratio
    return (start + np.arange(parts) * size / parts).reshape(bins, sampling_ratio)


def one_sample(start, size, bins, sampling_ratio):
    """sampling_ratio was ignored: every bin has one sample, in its middle."""
    return np.repeat(_centres(start, size, bins, 1), sampling_ratio, axis=1)


def quantized_bins(start, size, bins, sampling_ratio):
    """The coordinates were rounded to cells; RoIAlign quantizes neither box nor bins nor samples."""
    return np.floor(_centres(start, size, bins, sampling_ratio))


def ratio_is_the_total(start, size, bins, sampling_ratio):
    """sampling_ratio was read as the number of samples in a bin; it is the number a side: 2 means 2×2."""
    a_side = max(int(np.sqrt(sampling_ratio)), 1)
    return _centres(start, size, bins, a_side)


# ------------------------------------------- in place of box_on_map(box, spatial_scale, aligned)
def half_pixel_forgotten(box, spatial_scale, aligned):
    """The half cell is missing: with aligned=True, subtract 0.5 from the scaled corner."""
    y, x, height, width = _box(box, spatial_scale, True)
    return (y + 0.5, x + 0.5, height, width) if aligned else _box(box, spatial_scale, False)


def half_pixel_added(box, spatial_scale, aligned):
    """The half cell was added; with aligned=True it is subtracted from the scaled corner."""
    y, x, height, width = _box(box, spatial_scale, aligned)
    return (y + 1.0, x + 1.0, height, width) if aligned else (y, x, height, width)


def half_pixel_before_scaling(box, spatial_scale, aligned):
    """Half a pixel of the *image* was subtracted; scale first, then subtract half a cell of the map."""
    y, x, height, width = _box(box, spatial_scale, aligned)
    moved = 0.5 - 0.5 * spatial_scale if aligned else 0.0
    return y + moved, x + moved, height, width


def still_quantized(box, spatial_scale, aligned):
    """The box was rounded down to cells, as in RoI pooling; RoIAlign keeps its fractions."""
    floored = np.floor(np.asarray(box, dtype=np.float64) * spatial_scale)
    return _box(floored, 1.0, aligned)


def minimum_size_always(box, spatial_scale, aligned):
    """A small box was made one cell large with aligned=True, too; that minimum belongs to aligned=False."""
    y, x, height, width = _box(box, spatial_scale, aligned)
    return y, x, max(height, 1.0), max(width, 1.0)


def minimum_size_never(box, spatial_scale, aligned):
    """With aligned=False a box is at least one cell wide and high; the minimum is missing."""
    y, x, height, width = _box(box, spatial_scale, True)
    return (y, x, height, width) if aligned else (y + 0.5, x + 0.5, height, width)


def scale_forgotten(box, spatial_scale, aligned):
    """The box was not multiplied by spatial_scale, which takes pixels of the image to cells of the map."""
    return _box(box, 1.0, aligned)


def x_and_y_swapped(box, spatial_scale, aligned):
    """x and y are swapped: a box names x first, an array is indexed y first."""
    y, x, height, width = _box(box, spatial_scale, aligned)
    return x, y, width, height


# ------------------------------------------- in place of sample_bins(feature_map, y, x, mode)
def always_average(feature_map, y, x, mode):
    """mode was ignored and the average taken; "max" asks for the largest sample of the bin."""
    return _sample_bins(feature_map, y, x, "avg")


def always_maximum(feature_map, y, x, mode):
    """mode was ignored and the maximum taken; "avg" asks for the average of the bin's samples."""
    return _sample_bins(feature_map, y, x, "max")


def nearest_cell(feature_map, y, x, mode):
    """Each sample was read from the nearest cell; RoIAlign interpolates between four."""
    return _sample_bins(feature_map, np.floor(y + 0.5), np.floor(x + 0.5), mode)


def outside_left_out(feature_map, y, x, mode):
    """Samples outside the map were left out; they count 0 and stay in the divisor."""
    values, inside = _samples(feature_map, y, x)
    filled = np.where(inside, values, 0.0 if mode == "avg" else -np.inf)
    count = np.maximum(inside.sum(axis=(2, 4)), 1)
    pooled = filled.sum(axis=(2, 4)) / count if mode == "avg" else filled.max(axis=(2, 4))
    return np.where(inside.any(axis=(2, 4)), pooled, 0.0)


def weights_after_the_clip(feature_map, y, x, mode):
    """The neighbours were clipped first and the weights taken from them: the last row and column vanish."""
    H, W = feature_map.shape[1:]
    top, left = np.clip(np.floor(y), 0, H - 1), np.clip(np.floor(x), 0, W - 1)
    lost_y = np.clip(np.floor(y) + 1, 0, H - 1) == top
    lost_x = np.clip(np.floor(x) + 1, 0, W - 1) == left
    return _sample_bins(feature_map, np.where(lost_y, np.inf, y), np.where(lost_x, np.inf, x), mode)


def zero_padding(feature_map, y, x, mode):
    """The map was continued with zeros; up to one cell outside, a sample is clamped to the map."""
    return _sample_bins(np.pad(feature_map, ((0, 0), (1, 1), (1, 1))), y + 1, x + 1, mode)


def clamped_everywhere(feature_map, y, x, mode):
    """Every sample was clamped to the map, however far away; outside [−1, H] or [−1, W] it counts 0."""
    H, W = feature_map.shape[1:]
    return _sample_bins(feature_map, np.clip(y, 0, H - 1), np.clip(x, 0, W - 1), mode)


def channels_mixed(feature_map, y, x, mode):
    """One value was taken over all channels; each channel is sampled by itself."""
    mixed = np.mean(feature_map, axis=0, keepdims=True)
    return np.repeat(_sample_bins(mixed, y, x, mode), len(feature_map), axis=0)


# ------------------------------------------- in place of roi_align(features, rois, output_size, ...)
def clipped_to_the_map(
    features, rois, output_size, spatial_scale=1.0, sampling_ratio=2, aligned=True, mode="avg"
):
    """The box was cut off at the map's border before it was divided; the bins belong to the whole box."""
    H, W = features.shape[2:]
    clipped = np.array(rois, dtype=np.float64)
    clipped[:, 1::2] = np.clip(clipped[:, 1::2], 0, W / spatial_scale)
    clipped[:, 2::2] = np.clip(clipped[:, 2::2], 0, H / spatial_scale)
    return _roi_align(features, clipped, output_size, spatial_scale, sampling_ratio, aligned, mode)


def roi_number_as_image(
    features, rois, output_size, spatial_scale=1.0, sampling_ratio=2, aligned=True, mode="avg"
):
    """RoI k was taken from image k; the image is the first number of the RoI."""
    numbered = np.column_stack([np.arange(len(rois)) % len(features), rois[:, 1:]])
    return _roi_align(features, numbered, output_size, spatial_scale, sampling_ratio, aligned, mode)


def image_number_scaled(
    features, rois, output_size, spatial_scale=1.0, sampling_ratio=2, aligned=True, mode="avg"
):
    """The image number was multiplied by spatial_scale with the box; only the four ends are scaled."""
    return _roi_align(features, rois * spatial_scale, output_size, 1.0, sampling_ratio, aligned, mode)


def square_outputs_only(
    features, rois, output_size, spatial_scale=1.0, sampling_ratio=2, aligned=True, mode="avg"
):
    """output_size is (height, width); its first number was used for both."""
    square = (output_size[0], output_size[0])
    return _roi_align(features, rois, square, spatial_scale, sampling_ratio, aligned, mode)


def torchvisions_defaults(
    features, rois, output_size, spatial_scale=1.0, sampling_ratio=-1, aligned=False, mode="avg"
):
    """The defaults are torchvision's (not aligned, adaptive); asked are aligned=True and sampling_ratio=2."""
    return _roi_align(features, rois, output_size, spatial_scale, sampling_ratio, aligned, mode)


def adaptive_means_one(
    features, rois, output_size, spatial_scale=1.0, sampling_ratio=2, aligned=True, mode="avg"
):
    """A sampling_ratio of 0 or −1 was read as one sample; it means ceil(size / bins), box by box."""
    return _roi_align(features, rois, output_size, spatial_scale, max(sampling_ratio, 1), aligned, mode)


def boxes_changed_in_place(
    features, rois, output_size, spatial_scale=1.0, sampling_ratio=2, aligned=True, mode="avg"
):
    """The caller's boxes were scaled in place, so that a second call scales them again; work on a copy."""
    rois[:, 1:] *= spatial_scale
    return _roi_align(features, rois, output_size, 1.0, sampling_ratio, aligned, mode)


# ------------------------------------------------------------------ what they are built from
def _centres(start, size, bins, sampling_ratio):
    parts = bins * sampling_ratio
    return (start + (np.arange(parts) + 0.5) * size / max(parts, 1)).reshape(bins, sampling_ratio)


def _box(box, spatial_scale, aligned):
    x1, y1, x2, y2 = np.asarray(box, dtype=np.float64) * spatial_scale
    if aligned:
        return y1 - 0.5, x1 - 0.5, y2 - y1, x2 - x1
    return y1, x1, max(y2 - y1, 1.0), max(x2 - x1, 1.0)


def _samples(feature_map, y, x):
    """Every sample, (C, PH, ny, PW, nx), and whether it lies on the map."""
    H, W = feature_map.shape[1:]
    y, x = y[:, :, None, None], x[None, None, :, :]
    inside = (y >= -1) & (y <= H) & (x >= -1) & (x <= W)
    row, column = np.clip(y, 0, H - 1), np.clip(x, 0, W - 1)
    top, left = np.floor(row).astype(int), np.floor(column).astype(int)
    bottom, right = np.minimum(top + 1, H - 1), np.minimum(left + 1, W - 1)
    frac_y, frac_x = row - top, column - left
    upper = (1 - frac_x) * feature_map[:, top, left] + frac_x * feature_map[:, top, right]
    lower = (1 - frac_x) * feature_map[:, bottom, left] + frac_x * feature_map[:, bottom, right]
    return np.where(inside, (1 - frac_y) * upper + frac_y * lower, 0.0), inside[None]


def _sample_bins(feature_map, y, x, mode):
    if y.size == 0 or x.size == 0:
        return np.zeros((len(feature_map), len(y), len(x)))
    values, _ = _samples(feature_map, y, x)
    return values.mean(axis=(2, 4)) if mode == "avg" else values.max(axis=(2, 4))


def _roi_align(features, rois, output_size, spatial_scale, sampling_ratio, aligned, mode):
    """The right solution."""
    PH, PW = output_size
    out = np.zeros((len(rois), features.shape[1], PH, PW), features.dtype)
    for k, roi in enumerate(rois):
        y, x, height, width = _box(roi[1:], spatial_scale, aligned)
        ny, nx = (
            sampling_ratio if sampling_ratio > 0 else max(int(np.ceil(size / bins)), 0)
            for size, bins in ((height, PH), (width, PW))
        )
        out[k] = _sample_bins(
            features[int(roi[0])], _centres(y, height, PH, ny), _centres(x, width, PW, nx), mode
        )
    return out


MISCONCEPTIONS = {
    "sample_points": (
        thirds, corners_for_centres, from_the_bins_corner, one_sample, quantized_bins, ratio_is_the_total,
    ),
    "box_on_map": (
        half_pixel_forgotten, half_pixel_added, half_pixel_before_scaling, still_quantized,
        minimum_size_always, minimum_size_never, scale_forgotten, x_and_y_swapped,
    ),
    "sample_bins": (
        always_average, always_maximum, nearest_cell, outside_left_out, weights_after_the_clip, zero_padding,
        clamped_everywhere, channels_mixed,
    ),
    "roi_align": (
        clipped_to_the_map, roi_number_as_image, image_number_scaled, square_outputs_only,
        torchvisions_defaults, adaptive_means_one, boxes_changed_in_place,
    ),
}
