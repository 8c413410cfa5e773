"""Wrong solutions that people really write. Each one runs; its docstring is the sentence its author reads.

A function here has the signature of the function it replaces; ``MISCONCEPTIONS`` says which one that is. A
wrong submission is the solution with this one function put in the other's place.
"""

import numpy as np


# ------------------------------------------------------------ in place of quantize_roi(roi, spatial_scale)
def rounded_instead_of_floored(roi, spatial_scale):
    """The ends were rounded to the nearest cell, as in Caffe's layer; here they are rounded down."""
    return tuple(int(np.floor(end * spatial_scale + 0.5)) for end in roi)


def cut_toward_zero(roi, spatial_scale):
    """The ends were cut toward zero, as `int()` does: −0.5 becomes 0, but its floor is −1."""
    return tuple(int(end * spatial_scale) for end in roi)


def width_quantized(roi, spatial_scale):
    """The width and height were rounded down, not the far ends; each of the four ends goes by itself."""
    x1, y1, x2, y2 = (float(end) * spatial_scale for end in roi)
    left, top = int(np.floor(x1)), int(np.floor(y1))
    return left, top, left + int(np.floor(x2 - x1)), top + int(np.floor(y2 - y1))


def rounded_outward(roi, spatial_scale):
    """The far ends were rounded up, to cover all that the box touches; here all four are rounded down."""
    x1, y1, x2, y2 = (float(end) * spatial_scale for end in roi)
    return int(np.floor(x1)), int(np.floor(y1)), int(np.ceil(x2)), int(np.ceil(y2))


def ends_included(roi, spatial_scale):
    """The cells x2 and y2 were taken into the box, as Caffe's layer does; here the ends are exclusive."""
    x1, y1, x2, y2 = _quantize(roi, spatial_scale)
    return x1, y1, x2 + 1, y2 + 1


def scale_forgotten(roi, spatial_scale):
    """The box was not multiplied by spatial_scale, which takes pixels of the image to cells of the map."""
    return _quantize(roi, 1.0)


# ------------------------------------------------------------ in place of bin_edges(length, bins)
def overlapping_bins(length, bins):
    """The bins overlap: their ends were rounded up, as in Caffe and torchvision; here they are disjoint."""
    return _overlap(length, bins)


def truncated_bins(length, bins):
    """All bins have floor(n / P) cells and the rest is dropped (`truncate`); here no cell is left out."""
    size = max(length // bins, 1)
    return [(min(p * size, length), min((p + 1) * size, length)) for p in range(bins)]


def last_bin_takes_the_rest(length, bins):
    """All left-over cells went to the last bin; the two floors spread them over the bins."""
    size = length // bins
    return [(p * size, (p + 1) * size if p < bins - 1 else length) for p in range(bins)]


def larger_bins_first(length, bins):
    """The first bins are the larger ones, of ceil(n / P) cells; the two floors cut 5 cells into 2 + 3."""
    size = -(-length // bins)
    return [(min(p * size, length), min((p + 1) * size, length)) for p in range(bins)]


def float_bin_size(length, bins):
    """The bin size was kept as a float, which slips by one cell now and then; `p * n // P` is exact."""
    size = length / bins
    return [(int(p * size), int((p + 1) * size)) for p in range(bins)]


# ---------------------------------------------------- in place of pool_bins(feature_map, rows, columns)
def started_at_zero(feature_map, rows, columns):
    """The search for the maximum started at 0, so that a bin of negative values gives 0."""
    return _pool_bins(feature_map, rows, columns, lambda cells: np.maximum(cells.max(axis=(1, 2)), 0))


def channels_mixed(feature_map, rows, columns):
    """One maximum was taken over all channels; each channel has its own, over rows and columns alone."""
    return _pool_bins(feature_map, rows, columns, np.max)


def averaged(feature_map, rows, columns):
    """The average of each bin was taken; this layer takes the maximum."""
    return _pool_bins(feature_map, rows, columns, lambda cells: cells.mean(axis=(1, 2)))


def one_cell_picked(feature_map, rows, columns):
    """One cell of each bin was taken, which resizes the box; pooling takes the maximum of all its cells."""
    return _pool_bins(feature_map, rows, columns, lambda cells: cells[:, 0, 0])


def empty_bin_minus_infinity(feature_map, rows, columns):
    """A bin without cells gave −inf, where the search for its maximum began; here it is 0."""
    return _pool_bins(feature_map, rows, columns, empty_value=-np.inf)


def negative_index_wraps(feature_map, rows, columns):
    """Row −1 is the *last* row in NumPy: cells left of or above the map are to be left out."""
    C, H, W = feature_map.shape
    out = np.zeros((C, len(rows), len(columns)), feature_map.dtype)
    for ph, (top, bottom) in enumerate(rows):
        for pw, (left, right) in enumerate(columns):
            iy, ix = np.arange(top, min(bottom, H)), np.arange(left, min(right, W))
            if iy.size and ix.size:
                out[:, ph, pw] = feature_map[:, iy[:, None] % H, ix % W].max(axis=(1, 2))
    return out


# ------------------------------------------------------------ in place of roi_pool(features, rois, ...)
def x_and_y_swapped(features, rois, output_size, spatial_scale):
    """x and y are swapped: a box names x first, an array is indexed y first."""

    def swapped(box, H, W):
        x1, y1, x2, y2 = _at_least_one_cell(box, H, W)
        return y1, x1, y2, x2

    return _roi_pool(features, rois, output_size, spatial_scale, region=swapped)


def clipped_before_the_bins(features, rois, output_size, spatial_scale):
    """The box was cut off at the map's border and then cut into bins; the border comes after the bins."""

    def clipped(box, H, W):
        x1, y1, x2, y2 = box
        return _at_least_one_cell((max(x1, 0), max(y1, 0), min(x2, W), min(y2, H)), H, W)

    return _roi_pool(features, rois, output_size, spatial_scale, region=clipped)


def last_row_lost(features, rois, output_size, spatial_scale):
    """The ends were limited to H − 1 and W − 1 and then excluded: the last row and column are lost."""

    def limited(box, H, W):
        x1, y1, x2, y2 = _at_least_one_cell(box, H, W)
        return x1, y1, min(x2, W - 1), min(y2, H - 1)

    return _roi_pool(features, rois, output_size, spatial_scale, region=limited)


def no_minimum_size(features, rois, output_size, spatial_scale):
    """A box under one cell, or reversed, was left without cells; it still has one: max(x2 − x1, 1)."""
    return _roi_pool(features, rois, output_size, spatial_scale, region=lambda box, H, W: box)


def roi_number_as_image(features, rois, output_size, spatial_scale):
    """RoI k was taken from image k; the image is the first number of the RoI."""
    numbered = np.column_stack([np.arange(len(rois)) % len(features), rois[:, 1:]])
    return _roi_pool(features, numbered, output_size, spatial_scale)


def image_number_scaled(features, rois, output_size, spatial_scale):
    """The image number was multiplied by spatial_scale with the box; only the four ends are scaled."""
    return _roi_pool(features, rois * spatial_scale, output_size, 1.0)


def scaled_twice(features, rois, output_size, spatial_scale):
    """The box was multiplied by spatial_scale twice."""
    return _roi_pool(features, rois, output_size, spatial_scale**2)


def square_outputs_only(features, rois, output_size, spatial_scale):
    """output_size is (height, width); its first number was used for both."""
    return _roi_pool(features, rois, (output_size[0], output_size[0]), spatial_scale)


def rows_reversed(features, rois, output_size, spatial_scale):
    """The results come in reverse order; row k of the result belongs to rois[k]."""
    return _roi_pool(features, rois, output_size, spatial_scale)[::-1]


def boxes_changed_in_place(features, rois, output_size, spatial_scale):
    """The caller's boxes were scaled in place, so that a second call scales them again; work on a copy."""
    rois[:, 1:] *= spatial_scale
    return _roi_pool(features, rois, output_size, 1.0)


# ------------------------------------------------------------ in place of Caffe's functions
def halves_to_even(roi, spatial_scale):
    """`round` and `np.round` send halves to the even neighbour, 2.5 to 2; C's round takes them to 3."""
    x1, y1, x2, y2 = (round(float(end) * spatial_scale) for end in roi)
    return x1, y1, x2 + 1, y2 + 1


def caffe_ends_excluded(roi, spatial_scale):
    """The last row and column were left out; in Caffe's layer the ends are inclusive."""
    scaled = np.asarray(roi, np.float64) * spatial_scale
    return tuple(int(end) for end in np.copysign(np.floor(np.abs(scaled) + 0.5), scaled))


# ------------------------------------------------------------------ what they are built from
def _quantize(roi, spatial_scale):
    return tuple(int(np.floor(end * spatial_scale)) for end in roi)


def _disjoint(length, bins):
    return [(p * length // bins, (p + 1) * length // bins) for p in range(bins)]


def _overlap(length, bins):
    return [(p * length // bins, -(-(p + 1) * length // bins)) for p in range(bins)]


def _pool_bins(feature_map, rows, columns, value=lambda cells: cells.max(axis=(1, 2)), empty_value=0.0):
    out = np.full((len(feature_map), len(rows), len(columns)), empty_value, feature_map.dtype)
    for ph, (top, bottom) in enumerate(rows):
        for pw, (left, right) in enumerate(columns):
            cells = feature_map[:, max(top, 0) : max(bottom, 0), max(left, 0) : max(right, 0)]
            if cells.size:
                out[:, ph, pw] = value(cells)
    return out


def _at_least_one_cell(box, H, W):
    x1, y1, x2, y2 = box
    return x1, y1, max(x2, x1 + 1), max(y2, y1 + 1)


def _roi_pool(features, rois, output_size, spatial_scale, region=_at_least_one_cell):
    """The right solution, but for the `region` that is cut into bins."""
    (_, C, H, W), (PH, PW) = features.shape, output_size
    out = np.zeros((len(rois), C, PH, PW), features.dtype)
    for k, roi in enumerate(rois):
        x1, y1, x2, y2 = region(_quantize(roi[1:], spatial_scale), H, W)
        rows = [(y1 + start, y1 + end) for start, end in _disjoint(y2 - y1, PH)]
        columns = [(x1 + start, x1 + end) for start, end in _disjoint(x2 - x1, PW)]
        out[k] = _pool_bins(features[int(roi[0])], rows, columns)
    return out


MISCONCEPTIONS = {
    "quantize_roi": (
        rounded_instead_of_floored, cut_toward_zero, width_quantized, rounded_outward, ends_included,
        scale_forgotten,
    ),
    "bin_edges": (
        overlapping_bins, truncated_bins, last_bin_takes_the_rest, larger_bins_first, float_bin_size,
    ),
    "pool_bins": (
        started_at_zero, channels_mixed, averaged, one_cell_picked, empty_bin_minus_infinity,
        negative_index_wraps,
    ),
    "roi_pool": (
        x_and_y_swapped, clipped_before_the_bins, last_row_lost, no_minimum_size, roi_number_as_image,
        image_number_scaled, scaled_twice, square_outputs_only, rows_reversed, boxes_changed_in_place,
    ),
    "quantize_roi_caffe": (halves_to_even, caffe_ends_excluded),
}
