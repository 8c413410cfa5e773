"""RoIAlign: nothing is quantized. A bin's value is the average, or maximum, of samples at regular points."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from .bilinear_interpolate import axis_taps, blend


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
    bin_size = size / bins
    p = np.arange(bins)[:, None]
    i = np.arange(count)
    return start + p * bin_size + (i + 0.5) * bin_size / count


@np.errstate(over="ignore", invalid="ignore")
def roi_align(
    features: NDArray[Any], rois: NDArray[np.float64], out: NDArray[Any],
    spatial_scale: float, sampling_ratio: tuple[int, int], aligned: bool, mode: str,
) -> None:
    """out[k, c, ph, pw] = maximum or average of channel c at the sample points of bin (ph, pw) of rois[k]."""
    K, C, PH, PW = out.shape
    H, W = features.shape[2:]
    for k in range(K):
        batch, x1, y1, x2, y2 = rois[k]
        start_y, height = scale_axis(y1, y2, spatial_scale, aligned)
        start_x, width = scale_axis(x1, x2, spatial_scale, aligned)
        y = sample_points(start_y, height, PH, sample_count(height, PH, sampling_ratio[0]))
        x = sample_points(start_x, width, PW, sample_count(width, PW, sampling_ratio[1]))
        for ph in range(PH):
            for pw in range(PW):
                # Every channel at every point of the bin, (C, iy, ix); outside the map a 0 that counts.
                samples = blend(features[int(batch)], axis_taps(y[ph][:, None], H), axis_taps(x[pw], W))
                if samples.size == 0:  # an empty box, sampled adaptively
                    out[k, :, ph, pw] = 0.0
                elif mode == "avg":
                    # As a loop adds, row by row; np.sum adds in another order, to another last digit.
                    total = np.cumsum(samples.reshape(C, -1), axis=1)[:, -1]
                    out[k, :, ph, pw] = total / (y.shape[1] * x.shape[1])
                else:
                    out[k, :, ph, pw] = samples.max(axis=(1, 2))  # NaN propagates
