"""Small inputs that tell the ideas of the bank apart: maps, boxes and outputs that are not square."""

import numpy as np


def probes(rng):
    """Yield ("roi_align", arguments, keyword arguments), 40 or more for each function."""
    for number in range(44):
        start, size = rng.uniform(-3, 8), rng.uniform(0.3, 9)
        yield "sample_points", (start, size, int(rng.integers(1, 5)), 1 + number % 4), {}
        spatial_scale = float(rng.choice((1.0, 0.5, 2.0, 1 / 16)))
        yield "box_on_map", (box(rng, number) / spatial_scale, spatial_scale, number % 2 == 0), {}
        H, W = number % 3 + 3, number % 4 + 4
        y, x = sample_rows(rng, H, 2, 1 + number % 3), sample_rows(rng, W, 3, 2)
        yield "sample_bins", (feature_maps(rng, 1, H, W)[0], y, x, ("avg", "max")[number // 2 % 2]), {}
    for number in range(64):
        yield "roi_align", *_layer(rng, number)


def _layer(rng, number):
    N, C = (2, 1) if number % 2 else (1, 2)
    features = feature_maps(rng, N, *((6, 9), (8, 5))[number // 2 % 2], C)
    spatial_scale = float(rng.choice((1.0, 0.5, 1 / 16)))
    indices = rng.permutation(np.arange(3) % N) if number % 3 else np.arange(2) % N
    boxes = np.array([box(rng, number + 5 * k) / spatial_scale for k in range(len(indices))])
    options = {
        "sampling_ratio": (2, 3, -1, 4, 2, 1, 0, 2)[number % 8],
        "aligned": bool(number // 3 % 2),
        "mode": ("avg", "max")[number // 5 % 2],
    }
    if number % 16 == 4:
        features, options = features.astype(np.float32), {}  # what is not said is the default
    rois = np.column_stack([indices, boxes])
    return (features, rois, (2, 3) if number % 4 else (3, 2), spatial_scale), options


def feature_maps(rng, N, H, W, C=2):
    """N maps of distinct values on both sides of zero, or all below it."""
    values = rng.permutation(N * C * H * W) - N * C * H * W // int(rng.choice((1, 2, 4)))
    return (values.reshape(N, C, H, W) + 0.5) / 4


def box(rng, kind):
    """A box of one of five kinds, in cells: inside, over each pair of borders, small, empty, whole cells."""
    x, y = rng.uniform(0.3, 2.2, 2)
    width, height = rng.uniform(2.2, 4), rng.uniform(1.2, 3)
    if kind % 5 == 1:
        x, y = x - 4, y - 3
    elif kind % 5 == 2:
        width, height = width + 5, height + 5
    elif kind % 5 == 3:
        width, height = rng.permutation([rng.uniform(0.1, 0.9), rng.uniform(-0.9, 0.9)])
    elif kind % 5 == 4:  # samples fall on whole coordinates, the last cell among them
        return np.array([1.0, 0.0, 7.0, 8.0]) + (0.5 if rng.random() < 0.5 else 0)
    return np.array([x, y, x + width, y + height])


def sample_rows(rng, length, bins, count):
    """Sample points of bins on one axis; some are whole or halves, in the margin, outside."""
    rows = rng.uniform(-1.8, length + 0.8, (bins, count))
    rows[0, 0] = rng.choice((length - 1, 1, 0.5, rng.uniform(0.1, length - 1.1)))
    return rows
