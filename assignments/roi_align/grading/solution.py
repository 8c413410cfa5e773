"""The right solution in small steps, for `misconceptions.py` to put other versions in place of each.

Executed before it, in the same namespace: the steps find each other by their names.
"""

import numpy as np


# ------------------------------------------------------------------ points and box
def sample_points(start, size, bins, sampling_ratio):
    return points(start, size, bins, a_side(sampling_ratio))


def points(start, size, bins, ratio):
    return start + (np.arange(bins)[:, None] + (np.arange(ratio) + 0.5) / ratio) * size / bins


def a_side(sampling_ratio):
    return sampling_ratio


def box_on_map(box, spatial_scale, aligned):
    x1, y1, x2, y2 = ends(own(box, spatial_scale))
    y, height = on_axis(y1, y2, spatial_scale, aligned)
    x, width = on_axis(x1, x2, spatial_scale, aligned)
    return y, x, height, width


def own(box, spatial_scale):
    return [float(end) for end in box]


def ends(box):
    return box


def on_axis(first, last, spatial_scale, aligned):
    low, high = (quantized(scaled(end, spatial_scale)) for end in (first, last))
    return low - half_cell(spatial_scale, aligned), minimum(size(low, high, last - first, aligned), aligned)


def scaled(end, spatial_scale):
    return end * spatial_scale


def quantized(end):
    return end


def half_cell(spatial_scale, aligned):
    return 0.5 if aligned else 0.0


def size(low, high, in_pixels, aligned):
    return high - low


def minimum(length, aligned):
    return length if aligned else max(length, 1.0)


# ------------------------------------------------------------------ samples of a map
def sample_bins(feature_map, y, x, mode):
    (PH, ny), (PW, nx) = y.shape, x.shape
    if ny == 0 or nx == 0:
        return of_no_samples((len(feature_map), PH, PW), mode)
    H, W = feature_map.shape[1:]
    y, x = order(y.reshape(-1, 1), x.reshape(1, -1))
    y, x = index(y, H), index(x, W)
    is_outside = outside(y, x, H, W)
    samples = np.where(is_outside, 0, sampled(feature_map, y, x, mode))
    values = pooled(samples.reshape(-1, PH, ny, PW, nx), is_outside.reshape(PH, ny, PW, nx), mode)
    return channels(values, mode)


def of_no_samples(shape, mode):
    return np.zeros(shape)


def order(y, x):
    return y, x


def index(position, length):
    return position


def outside(y, x, H, W):
    return (y < -1) | (y > H) | (x < -1) | (x > W)


def sampled(feature_map, y, x, mode):
    return blended(feature_map, y, x, mode)


def blended(feature_map, y, x, mode):
    y, top, bottom, below = cells(y, feature_map.shape[1])
    x, left, right, beside = cells(x, feature_map.shape[2])
    rows = zip((top, bottom), shares(y, top, below), strict=True)
    columns = list(zip((left, right), shares(x, left, beside), strict=True))
    corners = [(row, column, a * b) for row, a in rows for column, b in columns]
    return combined([share * feature_map[:, row, column] for row, column, share in corners], mode)


def cells(position, length):
    """The position as it is weighed, its two cells, and the end that `low`'s share is measured from."""
    position = np.minimum(np.maximum(position, 0), length - 1)
    low = position.astype(int)
    return position, low, np.minimum(low + 1, length - 1), low + 1


def shares(position, low, upper):
    return upper - position, position - low


def combined(terms, mode):
    return sum(terms)


def pooled(samples, is_outside, mode):
    return reduction(mode)(samples, axis=(2, 4))


def reduction(mode):
    return np.mean if mode == "avg" else np.max


def channels(values, mode):
    return values


# ------------------------------------------------------------------ the layer
def roi_align(features, rois, output_size, spatial_scale=1.0, sampling_ratio=2, aligned=True, mode="avg"):
    return layer(features, rois, output_size, spatial_scale, sampling_ratio, aligned, mode)


def layer(features, rois, output_size, spatial_scale, sampling_ratio, aligned, mode):
    PH, PW = bins_of(output_size)
    result = np.zeros((len(rois), features.shape[1], PH, PW))
    for k, roi in enumerate(rois):
        feature_map = image_of(features, roi, k, spatial_scale)
        y, x, height, width = box_on_map(whole(roi[1:], feature_map, spatial_scale), spatial_scale, aligned)
        ny, nx = counts(height, width, PH, PW, sampling_ratio)
        rows, columns = sample_points(y, height, PH, ny), sample_points(x, width, PW, nx)
        result[k] = sample_bins(feature_map, rows, columns, mode)
    return finished(oriented(rows_of(result, rois)), features.dtype)


def bins_of(output_size):
    return output_size


def image_of(features, roi, k, spatial_scale):
    return features[int(roi[0])]


def whole(box, feature_map, spatial_scale):
    return box


def counts(height, width, PH, PW, ratio):
    return count(height, PH, ratio), count(width, PW, ratio)


def count(length, bins, ratio):
    return ratio if ratio > 0 else max(int(np.ceil(length / bins)), 0)


def rows_of(result, rois):
    return result


def oriented(result):
    return result


def finished(result, dtype):
    return result.astype(dtype)
