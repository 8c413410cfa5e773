"""crop_and_resize: a grid of points over the box, its corners included, each read from the map by itself."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from .bilinear_interpolate import Taps, axis_taps, blend


def extent(length: int, coordinates: str) -> int:
    """How many cells a box's coordinate of 1 stands for, on an axis of `length` cells."""
    return 1 if coordinates == "cells" else length - 1


def crop_points(
    start: float, end: float, count: int, length: int, coordinates: str
) -> NDArray[np.float64]:
    """Where one axis is read, in cells: at `count` points from end to end, or one in the middle.

    ::

        start  .      .      .      .      .  end      5 points

    Weighted from both ends: a flipped box has the same points, flipped, and no point of a box that lies on
    the map is rounded off it.
    """
    cells = extent(length, coordinates)
    if count == 1:
        return np.array([0.5 * (start + end) * cells])
    p = np.arange(count)
    return ((count - 1 - p) * start + p * end) * cells / (count - 1)


def crop_taps(points: NDArray[np.float64], length: int) -> Taps:
    """Which cells the points tap; unlike RoIAlign's, a point off the map is never clamped to it."""
    return axis_taps(points, length)._replace(inside=(points >= 0) & (points <= length - 1))


def nearest(taps: Taps) -> NDArray[np.int64]:
    """The nearest cell of each point; of two as near the further one from 0."""
    return np.where(taps.fraction < 0.5, taps.low, taps.high)


def read(maps: NDArray[Any], y: Taps, x: Taps, method: str) -> NDArray[np.float64]:
    """The value of each point, (C, *points), in float64."""
    if method == "bilinear":
        return blend(maps, y, x)
    return maps[:, nearest(y), nearest(x)].astype(np.float64)


def crop_roi(
    maps: NDArray[Any], roi: NDArray[np.float64], out: NDArray[Any],
    extrapolation_value: float, method: str, coordinates: str,
) -> None:
    """out[c, ph, pw] = maps[c] at point (ph, pw) of the grid."""
    PH, PW = out.shape[1:]
    H, W = maps.shape[1:]
    _, x1, y1, x2, y2 = roi
    y = crop_taps(crop_points(y1, y2, PH, H, coordinates)[:, None], H)
    x = crop_taps(crop_points(x1, x2, PW, W, coordinates), W)
    out[:] = np.where(y.inside & x.inside, read(maps, y, x, method), extrapolation_value)


def crop_and_resize(
    features: NDArray[Any], rois: NDArray[np.float64], out: NDArray[Any],
    extrapolation_value: float, method: str, coordinates: str,
) -> None:
    """out[k, c, ph, pw] = channel c at point (ph, pw) of the grid of rois[k]."""
    with np.errstate(all="ignore"):  # what is in the map is the caller's business
        for roi, values in zip(rois, out, strict=True):
            crop_roi(features[int(roi[0])], roi, values, extrapolation_value, method, coordinates)
