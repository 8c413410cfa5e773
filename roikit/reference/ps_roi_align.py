"""Position-sensitive RoIAlign: each bin is the average or maximum of its samples, on channels of its own."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from .bilinear_interpolate import axis_taps
from .ps_roi_pool import Pair, planes_of_bin
from .roi_align import bin_points, bin_samples, bin_value, sample_count, scale_axis


def align_roi(
    maps: NDArray[Any], roi: NDArray[np.float64], out: NDArray[Any],
    spatial_scale: float, sampling_ratio: Pair, group_size: Pair, aligned: bool, mode: str,
    empty_value: float,
) -> None:
    """out[c, ph, pw] = maximum or average of the samples of bin (ph, pw) on its own channel for c."""
    PH, PW = out.shape[1:]
    H, W = maps.shape[1:]
    _, x1, y1, x2, y2 = roi
    start_y, height = scale_axis(y1, y2, spatial_scale, aligned)
    start_x, width = scale_axis(x1, x2, spatial_scale, aligned)
    count_y = sample_count(height, PH, sampling_ratio[0])
    count_x = sample_count(width, PW, sampling_ratio[1])
    for ph, pw in np.ndindex(PH, PW):
        y = axis_taps(bin_points(ph, start_y, height, PH, count_y)[:, None], H)
        x = axis_taps(bin_points(pw, start_x, width, PW, count_x), W)
        planes = planes_of_bin(maps, ph, pw, (PH, PW), group_size)
        out[:, ph, pw] = bin_value(bin_samples(planes, y, x, mode, empty_value), mode, empty_value)


def ps_roi_align(
    features: NDArray[Any], rois: NDArray[np.float64], out: NDArray[Any],
    spatial_scale: float, sampling_ratio: Pair, group_size: Pair, aligned: bool, mode: str = "avg",
    empty_value: float = 0.0,
) -> None:
    """out[k, c, ph, pw] = maximum or average of the samples of bin (ph, pw) of rois[k], on its channels."""
    with np.errstate(all="ignore"):  # what is in the map is the caller's business
        for roi, values in zip(rois, out, strict=True):
            maps = features[int(roi[0])]
            how = spatial_scale, sampling_ratio, group_size, aligned, mode, empty_value
            align_roi(maps, roi, values, *how)
