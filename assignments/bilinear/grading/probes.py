"""Small inputs that tell the ideas of the bank apart: half of them on or over the border."""

import numpy as np


def probes(rng):
    """Yield ("bilinear_interpolate", arguments, keyword arguments), 40 or more for each function."""
    for _ in range(40):
        yield "bilinear_weights", _two(rng, 0, 9), {}
        length = int(rng.integers(2, 10))
        yield "neighbours", (positions(rng, length, 4), length), {}
    for number in range(80):
        H, W = (int(length) for length in rng.choice((2, 3, 4, 5, 7), 2, replace=False))
        C = 1 + number % 3
        features = (rng.permutation(C * H * W) - C * H * W // 3).reshape(C, H, W) / 8 + 0.0625
        dtype = np.float32 if number % 8 == 7 else np.float64
        if number % 2:  # one idea of the border after the other
            y, x = positions(rng, H, 2), positions(rng, W, 2)
        else:
            y, x = inside(rng, H, 2), inside(rng, W, 2)
        yield "bilinear_interpolate", (features.astype(dtype), y, x), {}


def inside(rng, length, count):
    """Coordinates between the first cell and the last; some of them whole, some in the middle."""
    last = length - 1
    fractions = rng.choice((0, 0.125, 0.25, 0.375, 0.5, 0.625, 0.75, 0.875), count)
    return np.minimum(rng.integers(0, last, count) + fractions, last)


def positions(rng, length, count):
    """Coordinates inside, in the margin of one cell, on the last cell and far outside."""
    margin = rng.choice((0.125, 0.375, 0.625, 0.875), count)
    between, on_the_last = inside(rng, length, count), np.full(count, length - 1.0)
    kinds = np.stack([between, -margin, length - 1 + margin, on_the_last, length + margin, -1 - margin])
    return kinds[rng.choice(6, count, p=(0.3, 0.2, 0.2, 0.1, 0.1, 0.1)), np.arange(count)]


def _two(rng, first, last):
    return tuple(inside(rng, last - first + 1, 3) + first for _ in range(2))
