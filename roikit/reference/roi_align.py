"""RoIAlign: nothing is quantized. A bin's value is the average, or maximum, of samples at regular points."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from .bilinear_interpolate import Taps, axis_taps, blend


def scale_axis(start: float, end: float, spatial_scale: float, aligned: bool) -> tuple[float, float]:
    """Start and size, in cells, of one axis of a box."""
    if aligned:  # a cell's value stands at its centre, so cell i is at i + 0.5
        scaled = start * spatial_scale - 0.5
        return scaled, end * spatial_scale - 0.5 - scaled
    scaled = start * spatial_scale
    return scaled, max(end * spatial_scale - scaled, 1.0)


def sample_count(size: float, bins: int, sampling_ratio: int) -> int:
    """Sample points a bin along one axis; adaptive, ceil(size / bins), where the ratio is not positive."""
    if sampling_ratio > 0:
        return sampling_ratio
    return max(int(np.ceil(size / bins)), 0)


def sample_points(start: float, size: float, bins: int, count: int) -> NDArray[np.float64]:
    """Where each bin is sampled along one axis, (bins, count): at the centres of its `count` equal parts.

    ::

        |   .       .   |   .       .   |      2 bins, 2 points each: at 1/4 and 3/4 of the bin
    """
    return bin_points(np.arange(bins)[:, None], start, size, bins, count)


def bin_points(p: Any, start: float, size: float, bins: int, count: int) -> NDArray[np.float64]:
    """Where bin p alone is sampled."""
    bin_size = size / bins
    i = np.arange(count)
    return start + p * bin_size + (i + 0.5) * bin_size / count


def largest_part(planes: NDArray[Any], y: Taps, x: Taps) -> NDArray[np.float64]:
    """The largest of the four weighted neighbours that `blend` adds up, (..., *points); 0 outside.

    ::

        max( (1 - y.fraction) (1 - x.fraction) top_left      (1 - y.fraction) x.fraction top_right
                  y.fraction  (1 - x.fraction) bottom_left        y.fraction  x.fraction bottom_right )
    """
    corners = (
        (1 - y.fraction) * (1 - x.fraction) * planes[..., y.low, x.low].astype(np.float64),
        (1 - y.fraction) * x.fraction * planes[..., y.low, x.high].astype(np.float64),
        y.fraction * (1 - x.fraction) * planes[..., y.high, x.low].astype(np.float64),
        y.fraction * x.fraction * planes[..., y.high, x.high].astype(np.float64),
    )
    return np.where(y.inside & x.inside, np.max(corners, axis=0), 0.0)  # NaN propagates


def bin_samples(planes: NDArray[Any], y: Taps, x: Taps, mode: str, empty_value: float) -> NDArray[np.float64]:
    """Every channel at every point of a bin, (C, iy, ix); off the map a 0 that counts, or the empty value."""
    if mode == "avg":
        return blend(planes, y, x)
    samples = blend(planes, y, x) if mode == "max" else largest_part(planes, y, x)
    return np.where(y.inside & x.inside, samples, empty_value)


def bin_value(samples: NDArray[np.float64], mode: str, empty_value: float = 0.0) -> NDArray[np.float64]:
    """Maximum or average of each channel's samples, (C, iy, ix) -> (C,); of none the empty value."""
    if samples.size == 0:
        return np.full(len(samples), empty_value)
    if mode != "avg":
        return 0.0 + samples.max(axis=(1, 2))  # NaN propagates; 0.0 has no sign
    # As a loop adds, row by row from 0; np.sum adds in another order, to another last digit.
    samples = samples.reshape(len(samples), -1)
    return (0.0 + np.cumsum(samples, axis=1)[:, -1]) / samples.shape[1]


def align_roi(
    maps: NDArray[Any], roi: NDArray[np.float64], out: NDArray[Any],
    spatial_scale: float, sampling_ratio: tuple[int, int], aligned: bool, mode: str, empty_value: float,
) -> None:
    """out[c, ph, pw] = maximum or average of maps[c] at the sample points of bin (ph, pw).

    In the mode "max_corners" it is the maximum of the samples' weighted neighbours, one by one.
    """
    PH, PW = out.shape[1:]
    H, W = maps.shape[1:]
    _, x1, y1, x2, y2 = roi
    start_y, height = scale_axis(y1, y2, spatial_scale, aligned)
    start_x, width = scale_axis(x1, x2, spatial_scale, aligned)
    count_y = sample_count(height, PH, sampling_ratio[0])
    count_x = sample_count(width, PW, sampling_ratio[1])
    for ph in range(PH):
        y = axis_taps(bin_points(ph, start_y, height, PH, count_y)[:, None], H)
        for pw in range(PW):
            x = axis_taps(bin_points(pw, start_x, width, PW, count_x), W)
            out[:, ph, pw] = bin_value(bin_samples(maps, y, x, mode, empty_value), mode, empty_value)


def roi_align(
    features: NDArray[Any], rois: NDArray[np.float64], out: NDArray[Any],
    spatial_scale: float, sampling_ratio: tuple[int, int], aligned: bool, mode: str, empty_value: float = 0.0,
) -> None:
    """out[k, c, ph, pw] = maximum or average of channel c at the sample points of bin (ph, pw) of rois[k]."""
    with np.errstate(all="ignore"):  # what is in the map is the caller's business
        for roi, values in zip(rois, out, strict=True):
            maps = features[int(roi[0])]
            align_roi(maps, roi, values, spatial_scale, sampling_ratio, aligned, mode, empty_value)
