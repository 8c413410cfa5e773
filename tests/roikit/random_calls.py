"""What the tests beside live peers share: maps and boxes, the same in every run."""

import numpy as np

#: A peer of float32 has coordinates of float32, too: at 24 cells off by 2e-6 or 4e-6, and a map of normal
#: numbers rises by up to 6 a cell.
FLOAT32 = {"rtol": 0, "atol": 2e-5}
#: And one that computes in float64 adds up in another order.
FLOAT64 = {"rtol": 0, "atol": 1e-13}
#: Boxes of the first image and of the second: some peers are told their numbers.
COUNTS = np.array([26, 22], np.int32)
SCALES = (1 / 3, 1 / 16, 0.3, 1.0)


def drawn(*shape, dtype="float32"):
    return np.random.default_rng(sum(shape)).standard_normal(shape).astype(dtype)


def maps(dtype="float32"):
    return drawn(2, 12, 20, 24, dtype=dtype)


def boxes(spatial_scale, each=12):
    """(48, 5): inside, across borders, off the map and smaller than a cell; numbers of float32."""
    rng = np.random.default_rng(7)
    size = np.array([24, 20]) / spatial_scale
    places = [(0.0, 0.5, 0.05, 0.5), (-0.4, 0.9, 0.3, 1.2), (1.2, 1.5, 0.1, 0.3), (0.0, 0.9, 0.0, 0.02)]
    starts = np.concatenate([rng.uniform(low, high, (each, 2)) for low, high, _, _ in places])
    sides = np.concatenate([rng.uniform(low, high, (each, 2)) for *_, low, high in places])
    starts[2 * each : 5 * each // 2] *= -1  # half of those off the map: to the left and above
    ends = np.hstack([starts, starts + sides]) * np.tile(size, 2)
    return np.column_stack([np.repeat([0, 1], COUNTS), rng.permutation(ends)]).astype(np.float32)


def lengths(dtype="float32"):
    """A map of one rising column, and a box of each length from its top: a maximum tells where a bin ends."""
    column = np.arange(600, dtype=dtype).reshape(1, 1, -1, 1)
    rois = np.zeros((500, 5), np.float32)
    rois[:, 4] = np.arange(500)
    return column, rois
