"""Of a maximum of samples: which sample it is, and which of its neighbours has the largest part in it."""

from __future__ import annotations

from itertools import product
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from .bilinear_interpolate import Taps, axis_taps
from .roi_align import bin_samples

Points = NDArray[np.float64]


class Sample(NamedTuple):
    """The largest sample of a bin on one channel: which it is, and what it taps."""

    iy: int
    ix: int
    row: Taps
    column: Taps


class Corner(NamedTuple):
    """One neighbour of a sample: its weight is part_y * part_x, and these rise by 1, or -1, a cell."""

    y: int
    x: int
    part_y: float
    part_x: float
    rise_y: int
    rise_x: int


def largest_sample(plane: NDArray[Any], y: Points, x: Points, mode: str, empty_value: float) -> Sample | None:
    """The first of several equals in row-major order, or the first NaN; None where it lies off the map."""
    H, W = plane.shape
    rows, columns = axis_taps(y[:, None], H), axis_taps(x, W)
    (samples,) = bin_samples(plane[None], rows, columns, mode, empty_value)
    if samples.size == 0:
        return None
    iy, ix = divmod(int(np.argmax(samples)), len(x))
    row, column = axis_taps(y[iy], H), axis_taps(x[ix], W)
    return Sample(iy, ix, row, column) if row.inside and column.inside else None


def largest_corner(plane: NDArray[Any], sample: Sample) -> Corner:
    """The first of several equals from top left to bottom right, or the first NaN."""
    rows = (sample.row.low, 1 - sample.row.fraction, -1), (sample.row.high, sample.row.fraction, 1)
    columns = (
        (sample.column.low, 1 - sample.column.fraction, -1), (sample.column.high, sample.column.fraction, 1),
    )
    corners = [
        Corner(int(y), int(x), float(part_y), float(part_x), rise_y, rise_x)
        for (y, part_y, rise_y), (x, part_x, rise_x) in product(rows, columns)
    ]
    weighted = [each.part_y * each.part_x * plane[each.y, each.x].astype(np.float64) for each in corners]
    return corners[int(np.argmax(weighted))]
