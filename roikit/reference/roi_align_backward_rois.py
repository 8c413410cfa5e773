"""The gradient of RoIAlign with respect to the boxes: the map's slope at each sample, times how far
the sample moves with the box."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ._maxima import largest_corner, largest_sample
from .bilinear_interpolate import Taps, axis_taps
from .roi_align import bin_points, sample_count, scale_axis

Pair = tuple[NDArray[np.float64], NDArray[np.float64]]


def is_made_one_cell(start: float, end: float, spatial_scale: float, aligned: bool) -> bool:
    """Whether `scale_axis` gives one axis of a box another size than it has."""
    return not aligned and end * spatial_scale - start * spatial_scale < 1


def moves(p: int, bins: int, count: int, one_cell: bool) -> Pair:
    """How far each sample of bin p moves when the box's start, or its end, moves by one cell.

    A sample at the part t of the box lies at ``(1 - t) * start + t * end``. A box that was made one cell wide
    moves as a whole, with its start::

        start   .     .     .     .   end      2 bins, 2 points each: t = 1/8, 3/8, 5/8, 7/8
    """
    if one_cell:
        return np.ones(count), np.zeros(count)
    t = (p + (np.arange(count) + 0.5) / count) / bins
    return 1 - t, t


def moving(points: NDArray[np.float64], length: int) -> NDArray[np.bool_]:
    """Whether a point that moves reads something else; one that is clamped to the map reads the same cell."""
    return (points >= 0) & (points < length - 1)


def slopes(maps: NDArray[Any], y: Taps, x: Taps) -> Pair:
    """The derivatives by y and by x of each map's `blend` of the four neighbours, (C, iy, ix)."""
    top_left = maps[:, y.low, x.low].astype(np.float64)
    top_right = maps[:, y.low, x.high].astype(np.float64)
    bottom_left = maps[:, y.high, x.low].astype(np.float64)
    bottom_right = maps[:, y.high, x.high].astype(np.float64)
    top = (1 - x.fraction) * top_left + x.fraction * top_right
    bottom = (1 - x.fraction) * bottom_left + x.fraction * bottom_right
    right = (1 - y.fraction) * (top_right - top_left) + y.fraction * (bottom_right - bottom_left)
    return bottom - top, right


def over_channels(grad: NDArray[Any], by: NDArray[np.float64]) -> NDArray[np.float64]:
    """grad[c] * by[c, iy, ix] added up over the channels, as a loop adds; np.sum adds in another order."""
    total = np.zeros(by.shape[1:])
    for value, slope in zip(grad.astype(np.float64), by, strict=True):
        total += value * slope
    return total


def bin_slopes(
    grad: NDArray[Any], maps: NDArray[Any], y: NDArray[np.float64], x: NDArray[np.float64]
) -> Pair:
    """The derivatives of sum(grad[c] * maps[c]) by y and by x at the points (y, x) of one bin, (iy, ix).

    On the border of two cells those of the cell below, or to the right; 0 outside the map.
    """
    H, W = maps.shape[1:]
    rows, columns = axis_taps(y, H), axis_taps(x, W)
    by_y, by_x = (over_channels(grad, by) for by in slopes(maps, rows, columns))
    inside = rows.inside & columns.inside
    return np.where(inside & moving(y, H), by_y, 0.0), np.where(inside & moving(x, W), by_x, 0.0)


def largest_slopes(
    grad: float, plane: NDArray[Any], y: NDArray[np.float64], x: NDArray[np.float64], mode: str,
    empty_value: float,
) -> tuple[int, int, float, float] | None:
    """Which sample is the largest on one channel, and grad times its derivatives by y and by x."""
    sample = largest_sample(plane, y, x, mode, empty_value)
    if sample is None:
        return None
    iy, ix, row, column = sample
    if mode == "max":
        (by_y,), (by_x,) = slopes(plane[None], row, column)
    else:
        corner = largest_corner(plane, sample)
        value = plane[corner.y, corner.x].astype(np.float64)
        by_y, by_x = corner.rise_y * corner.part_x * value, corner.rise_x * corner.part_y * value
    H, W = plane.shape
    return iy, ix, grad * by_y if moving(y[iy], H) else 0.0, grad * by_x if moving(x[ix], W) else 0.0


def slopes_of_bin(
    grad: NDArray[Any], maps: NDArray[Any], y: NDArray[np.float64], x: NDArray[np.float64], mode: str,
    empty_value: float,
) -> Iterator[tuple[int, int, float, float]]:
    """iy, ix, and the slopes by y and by x, of all samples, or of each channel's largest."""
    if mode == "avg":
        by_y, by_x = bin_slopes(grad, maps, y[:, None], x)
        for iy, ix in np.ndindex(len(y), len(x)):
            yield iy, ix, float(by_y[iy, ix]), float(by_x[iy, ix])
        return
    for value, plane in zip(grad.astype(np.float64), maps, strict=True):
        found = largest_slopes(value, plane, y, x, mode, empty_value)
        if found is not None:
            yield found


def roi_gradient(
    grad: NDArray[Any], maps: NDArray[Any], roi: NDArray[np.float64],
    spatial_scale: float, sampling_ratio: tuple[int, int], aligned: bool, mode: str, empty_value: float,
) -> NDArray[np.float64]:
    """The gradient of one RoI by x1, y1, x2, y2, these in cells."""
    PH, PW = grad.shape[1:]
    _, x1, y1, x2, y2 = roi
    start_y, height = scale_axis(y1, y2, spatial_scale, aligned)
    start_x, width = scale_axis(x1, x2, spatial_scale, aligned)
    count_y = sample_count(height, PH, sampling_ratio[0])
    count_x = sample_count(width, PW, sampling_ratio[1])
    one_row = is_made_one_cell(y1, y2, spatial_scale, aligned)
    one_column = is_made_one_cell(x1, x2, spatial_scale, aligned)
    total = np.zeros(4)
    for ph, pw in np.ndindex(PH, PW):
        y = bin_points(ph, start_y, height, PH, count_y)
        x = bin_points(pw, start_x, width, PW, count_x)
        of_y1, of_y2 = moves(ph, PH, count_y, one_row)
        of_x1, of_x2 = moves(pw, PW, count_x, one_column)
        for iy, ix, down, right in slopes_of_bin(grad[:, ph, pw], maps, y, x, mode, empty_value):
            total += right * of_x1[ix], down * of_y1[iy], right * of_x2[ix], down * of_y2[iy]
    return total / max(count_y * count_x, 1) if mode == "avg" else total


def roi_align_backward_rois(
    grad: NDArray[Any], features: NDArray[Any], rois: NDArray[np.float64], out: NDArray[np.float64],
    spatial_scale: float, sampling_ratio: tuple[int, int], aligned: bool,
    mode: str = "avg", empty_value: float = 0.0,
) -> None:
    """out[k] = the gradient of sum(grad[k] * the bins of rois[k]) by its x1, y1, x2, y2.

    How many samples a bin has is taken as given, also where it is adaptive.
    """
    with np.errstate(all="ignore"):  # what is in the arrays is the caller's business
        for roi, values, gradient in zip(rois, grad, out, strict=True):
            maps = features[int(roi[0])]
            how = spatial_scale, sampling_ratio, aligned, mode, empty_value
            in_cells = roi_gradient(values, maps, roi, *how)
            gradient[:] = in_cells * spatial_scale
