"""Small random inputs that tell ideas about RoI pooling apart: the first of a function tell the most."""

import numpy as np


def probes(rng):
    """Yield (function, arguments, keyword arguments)."""
    for number in range(44):
        yield "quantize_roi", quantized(rng, number), {}
        yield "quantize_roi_caffe", quantized(rng, number), {}
        yield "bin_edges", lengths(rng, number), {}
        yield "bin_edges_truncate", lengths(rng, number), {}
        yield "bin_edges_overlap", lengths(rng, number), {}
        yield "pool_bins", bins_of_a_map(rng, number), {}
        yield "roi_pool", layer(rng, number), {}
        yield "roi_pool_caffe", layer(rng, number), {}


#: At 2 and 3/4 rounding before scaling is seen.
SCALES = (0.5, 1.0, 1 / 16, 2.0, 0.75, 1 / 4)


def ends(rng, number, low=-3, high=14):
    """x1, y1, x2, y2 in cells: whole, halves, sixty-fourths, on both sides of zero; now and then reversed."""
    start = rng.integers(low, (low + high) // 2, 2)
    end = start + rng.integers(1, high - 4, 2)
    if number % 7 == 5:
        end = start - rng.integers(-1, 3, 2)  # under one cell, or reversed
    whole = np.concatenate([start, end])
    return whole + (rng.choice([0, 0.5, 0.5, 0.25, 0.75], 4) if number % 2 else rng.integers(1, 64, 4) / 64)


def in_pixels(cells, spatial_scale):
    """Pixels whose products with the scale are exact: at 3/4, of other cells."""
    return cells * 1.25 if spatial_scale == 0.75 else cells / spatial_scale


def quantized(rng, number):
    scale = SCALES[number % len(SCALES)]
    return in_pixels(ends(rng, number), scale), scale


def lengths(rng, number):
    """Lengths that divide evenly, that do not, fewer cells than bins, and where a float bin size slips."""
    special = ((8, 3), (5, 3), (7, 3), (1, 2), (2, 5), (3, 7), (9, 3), (30, 22), (11, 4), (7, 2))
    if number < len(special):
        return special[number]
    bins = int(rng.integers(1, 8))
    return int(rng.integers(1, 5 * bins + 2)), bins


def feature_maps(rng, number, N=1):
    """Maps of distinct values: on both sides of zero, all negative, all between 0 and 1; not square."""
    C, H, W = (2, 7, 10) if number % 3 else (3, 8, 6)
    values = rng.permutation(N * C * H * W).reshape(N, C, H, W) + 0.5
    lowest = (-0.4, -1.2, 0.0)[number % 3 if number % 5 else 2]
    features = values / values.size + lowest
    if number % 11 == 7:
        features = features.astype(np.float32)
    return features


def bins_of_a_map(rng, number):
    """Bins over every border and beside the map, empty ones, neighbours; a NaN now and then."""
    feature_map = feature_maps(rng, number)[0]
    rows, columns = [], []
    for edges, size, count in ((rows, feature_map.shape[1], 2), (columns, feature_map.shape[2], 3)):
        for _ in range(count):
            start = int(rng.integers(-3, size) if number % 4 else rng.integers(0, size - 1))
            edges.append((start, start + int(rng.integers(0 if number % 4 == 1 else 1, 6))))
    if number % 8 == 3:
        rows[0], columns[0] = (1, 4), (2, 5)
        feature_map[0, 2, 3] = np.nan
    return feature_map, rows, columns


def layer(rng, number):
    """One to three RoIs; several images in disorder; outputs that are not square; boxes over the border."""
    N, K = ((3, 3), (1, 1), (2, 3), (1, 2))[number % 4]
    features = feature_maps(rng, number, N)
    scale = SCALES[(number + number // 4) % len(SCALES)]
    images = [N - 1, 0, min(1, N - 1)][:K]
    low, high = (0, 7) if number % 3 == 0 else (-3, 14)
    boxes = np.stack([ends(rng, number + k, low, high) for k in range(K)])
    output_size = ((2, 3), (2, 2), (3, 2), (3, 3), (1, 2))[number % 5]
    return features, np.column_stack([images, in_pixels(boxes, scale)]), output_size, scale
