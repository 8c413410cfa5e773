"""The gradient of position-sensitive RoIAlign with respect to the map: each bin gives back what it read."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from .ps_roi_pool import Pair, planes_of_bin
from .roi_align import bin_points, sample_count, scale_axis
from .roi_align_backward import spread_bin, spread_largest


def spread_roi(
    maps: NDArray[np.float64], roi: NDArray[np.float64], grad: NDArray[Any],
    spatial_scale: float, sampling_ratio: Pair, group_size: Pair, aligned: bool,
    mode: str, features: Any, empty_value: float,
) -> None:
    """Add to the maps what the bins of one RoI, grad[c, ph, pw], give back."""
    PH, PW = grad.shape[1:]
    _, x1, y1, x2, y2 = roi
    start_y, height = scale_axis(y1, y2, spatial_scale, aligned)
    start_x, width = scale_axis(x1, x2, spatial_scale, aligned)
    count_y = sample_count(height, PH, sampling_ratio[0])
    count_x = sample_count(width, PW, sampling_ratio[1])
    for ph, pw in np.ndindex(PH, PW):
        y = bin_points(ph, start_y, height, PH, count_y)
        x = bin_points(pw, start_x, width, PW, count_x)
        planes = planes_of_bin(maps, ph, pw, (PH, PW), group_size)
        if mode == "avg":
            spread_bin(planes, y, x, grad[:, ph, pw])
        else:
            read = planes_of_bin(features, ph, pw, (PH, PW), group_size)
            spread_largest(planes, read, y, x, grad[:, ph, pw], mode, empty_value)


def ps_roi_align_backward(
    grad: NDArray[Any], rois: NDArray[np.float64], out: NDArray[Any],
    spatial_scale: float, sampling_ratio: Pair, group_size: Pair, aligned: bool,
    mode: str = "avg", features: Any = None, empty_value: float = 0.0,
) -> None:
    """out[n, m, y, x] = sum of grad[k, c, ph, pw], each times the derivative of its bin by that cell.

    Added up in float64, RoI after RoI, bin after bin, sample after sample, and rounded once. Where a maximum
    was found only the features tell; the average asks for none.
    """
    total = np.zeros(out.shape)
    with np.errstate(all="ignore"):  # what is in grad is the caller's business
        for roi, values in zip(rois, grad, strict=True):
            n = int(roi[0])
            read = None if mode == "avg" else features[n]
            how = spatial_scale, sampling_ratio, group_size, aligned, mode, read, empty_value
            spread_roi(total[n], roi, values, *how)
        out[:] = total
