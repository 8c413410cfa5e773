"""Deformable RoI pooling: aligned average RoIAlign, each bin of which is shifted by an offset of its own."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from .bilinear_interpolate import axis_taps, blend
from .roi_align import bin_points, bin_value, sample_count, scale_axis


@dataclass(frozen=True)
class Side:
    """One axis of a box in cells, and how its bins are sampled."""

    start: float
    size: float
    bins: int
    count: int


def sides(
    roi: NDArray[np.float64], bins: tuple[int, int], spatial_scale: float, sampling_ratio: tuple[int, int]
) -> tuple[Side, Side]:
    """Height and width of one row of rois on the map."""
    _, x1, y1, x2, y2 = roi
    scaled = [scale_axis(*ends, spatial_scale, aligned=True) for ends in ((y1, y2), (x1, x2))]
    each = zip(scaled, bins, sampling_ratio, strict=True)
    rows, columns = (Side(start, size, n, sample_count(size, n, ratio)) for (start, size), n, ratio in each)
    return rows, columns


def shifted_points(p: int, along: Side, gamma: float, offset: float) -> NDArray[np.float64]:
    """Where bin p is sampled along one axis: all of its points are shifted by a part of the box's size.

    ::

        |   .       .   |   .       .   |      2 bins, 2 points each; gamma * offset = 1/8 for the second:
        |   .       .   |     → .       .      its points move by an eighth of the whole
    """
    return bin_points(p, along.start + gamma * along.size * offset, along.size, along.bins, along.count)


def deform_roi_pool(
    features: NDArray[Any], rois: NDArray[np.float64], offset: NDArray[np.float64], out: NDArray[Any],
    spatial_scale: float, sampling_ratio: tuple[int, int], gamma: float,
) -> None:
    """out[k, c, ph, pw] = average of channel c at the shifted sample points of bin (ph, pw) of rois[k].

    offset[k, 0, ph, pw] shifts along x, offset[k, 1, ph, pw] along y.
    """
    H, W = features.shape[2:]
    bins = out.shape[2:]
    with np.errstate(all="ignore"):  # what is in the map is the caller's business
        for roi, shifts, values in zip(rois, offset, out, strict=True):
            rows, columns = sides(roi, bins, spatial_scale, sampling_ratio)
            for ph, pw in np.ndindex(*bins):
                along_x, along_y = shifts[:, ph, pw]
                y = axis_taps(shifted_points(ph, rows, gamma, along_y)[:, None], H)
                x = axis_taps(shifted_points(pw, columns, gamma, along_x), W)
                # Every channel at every point of the bin, (C, iy, ix); outside the map a 0 that counts.
                values[:, ph, pw] = bin_value(blend(features[int(roi[0])], y, x), "avg")
