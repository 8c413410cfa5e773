"""The gradient of RoIAlign with respect to the map: each bin gives back what it read, by weight."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from ._maxima import largest_corner, largest_sample
from .bilinear_interpolate import Taps, axis_taps
from .roi_align import bin_points, sample_count, scale_axis


def spread(maps: NDArray[np.float64], y: Taps, x: Taps, value: NDArray[np.float64]) -> None:
    """Add value[c] to the four neighbours of one point on maps[c], each by its weight: `blend` backwards.

    ::

        value ·  (1 - y.fraction) (1 - x.fraction)   (1 - y.fraction) x.fraction
                      y.fraction  (1 - x.fraction)        y.fraction  x.fraction

    All four take part, also with weight 0: a NaN (or inf: 0 * inf) in value makes all four NaN.
    """
    top, bottom = (1 - y.fraction) * value, y.fraction * value
    maps[:, y.low, x.low] += (1 - x.fraction) * top
    maps[:, y.low, x.high] += x.fraction * top
    maps[:, y.high, x.low] += (1 - x.fraction) * bottom
    maps[:, y.high, x.high] += x.fraction * bottom


def spread_bin(
    maps: NDArray[np.float64], y: NDArray[np.float64], x: NDArray[np.float64], value: NDArray[Any]
) -> None:
    """Give each sample of a bin an equal share of the bin's gradient, value[c]."""
    H, W = maps.shape[1:]
    share = value.astype(np.float64) / max(len(y) * len(x), 1)  # samples outside stay in the divisor
    for point_y in y:
        row = axis_taps(point_y, H)
        for point_x in x:
            column = axis_taps(point_x, W)
            if row.inside and column.inside:
                spread(maps, row, column, share)


def spread_largest(
    maps: NDArray[np.float64], features: NDArray[Any], y: NDArray[np.float64], x: NDArray[np.float64],
    value: NDArray[Any], mode: str, empty_value: float,
) -> None:
    """Give all of a bin's gradient, value[c], to the sample that is the largest on features[c].

    In the mode "max_corners" its one neighbour with the largest part gets its weight's share of it.
    """
    for total, plane, share in zip(maps, features, value.astype(np.float64), strict=True):
        sample = largest_sample(plane, y, x, mode, empty_value)
        if sample is not None and mode == "max":
            spread(total[None], sample.row, sample.column, share)
        elif sample is not None:
            corner = largest_corner(plane, sample)
            total[corner.y, corner.x] += corner.part_y * corner.part_x * share


def spread_roi(
    maps: NDArray[np.float64], roi: NDArray[np.float64], grad: NDArray[Any],
    spatial_scale: float, sampling_ratio: tuple[int, int], aligned: bool,
    mode: str, features: Any, empty_value: float,
) -> None:
    """Add to maps[c] what the bins of one RoI, grad[c, ph, pw], give back."""
    PH, PW = grad.shape[1:]
    _, x1, y1, x2, y2 = roi
    start_y, height = scale_axis(y1, y2, spatial_scale, aligned)
    start_x, width = scale_axis(x1, x2, spatial_scale, aligned)
    count_y = sample_count(height, PH, sampling_ratio[0])
    count_x = sample_count(width, PW, sampling_ratio[1])
    for ph, pw in np.ndindex(PH, PW):
        y = bin_points(ph, start_y, height, PH, count_y)
        x = bin_points(pw, start_x, width, PW, count_x)
        if mode == "avg":
            spread_bin(maps, y, x, grad[:, ph, pw])
        else:
            spread_largest(maps, features, y, x, grad[:, ph, pw], mode, empty_value)


def roi_align_backward(
    grad: NDArray[Any], rois: NDArray[np.float64], out: NDArray[Any],
    spatial_scale: float, sampling_ratio: tuple[int, int], aligned: bool,
    mode: str = "avg", features: Any = None, empty_value: float = 0.0,
) -> None:
    """out[n, c, y, x] = sum of grad[k, c, ph, pw], each times the derivative of its bin by that cell.

    Added up in float64, RoI after RoI, bin after bin, sample after sample, and rounded once. Where a maximum
    was found only the features tell; the average asks for none.
    """
    total = np.zeros(out.shape)
    with np.errstate(all="ignore"):  # what is in grad is the caller's business
        for roi, values in zip(rois, grad, strict=True):
            n = int(roi[0])
            read = None if mode == "avg" else features[n]
            how = spatial_scale, sampling_ratio, aligned, mode, read, empty_value
            spread_roi(total[n], roi, values, *how)
        out[:] = total
