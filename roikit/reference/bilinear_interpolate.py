"""The value of a feature map between its cells: two linear interpolations along x, then one along y."""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray


class Taps(NamedTuple):
    """Which cells each point taps on one axis: value = (1 - fraction) * at[low] + fraction * at[high]."""

    inside: NDArray[np.bool_]  # whether the point is near enough to the map to be read
    low: NDArray[np.int64]  # index of the neighbour above, or to the left
    high: NDArray[np.int64]  # of the neighbour below, or to the right
    fraction: NDArray[np.float64]  # how far the point is from low to high, 0 .. 1


def axis_taps(points: NDArray[np.float64], length: int) -> Taps:
    """RoIAlign's border rule on one axis: a point beyond [-1, length] is outside; any other is clamped to the
    map.

    ::

        outside |  clamped to 0  | between the neighbours |  clamped to length - 1  | outside
               -1                0                     length - 1               length
    """
    inside = (points >= -1) & (points <= length)
    clamped = np.clip(np.where(inside, points, 0.0), 0.0, length - 1)
    low = np.floor(clamped).astype(np.int64)
    high = np.minimum(low + 1, length - 1)  # the last cell is its own neighbour
    return Taps(inside, low, high, clamped - low)


def blend(planes: NDArray[Any], y: Taps, x: Taps) -> NDArray[np.float64]:
    """The interpolated value of each point, (..., *points), in float64; 0 where the point is outside.

    All four neighbours take part, also with weight 0: a NaN (or inf: 0 * inf) in any of them makes the value
    NaN.
    """
    top_left = planes[..., y.low, x.low].astype(np.float64)
    top_right = planes[..., y.low, x.high].astype(np.float64)
    bottom_left = planes[..., y.high, x.low].astype(np.float64)
    bottom_right = planes[..., y.high, x.high].astype(np.float64)
    top = (1 - x.fraction) * top_left + x.fraction * top_right
    bottom = (1 - x.fraction) * bottom_left + x.fraction * bottom_right
    return np.where(y.inside & x.inside, (1 - y.fraction) * top + y.fraction * bottom, 0.0)


def bilinear_interpolate(
    planes: NDArray[Any], y: NDArray[np.float64], x: NDArray[np.float64], out: NDArray[Any]
) -> None:
    """out[n, m, p] = the value of planes[n, m] at (y[p], x[p])."""
    H, W = planes.shape[2:]
    with np.errstate(all="ignore"):  # what is in the map is the caller's business
        out[:] = blend(planes, axis_taps(y, H), axis_taps(x, W))
