"""The gradient of position-sensitive RoIAlign with respect to the boxes: that of RoIAlign, on the bin's own
channels."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from .ps_roi_pool import Pair, planes_of_bin
from .roi_align import bin_points, sample_count, scale_axis
from .roi_align_backward_rois import is_made_one_cell, moves, slopes_of_bin


def roi_gradient(
    grad: NDArray[Any], maps: NDArray[Any], roi: NDArray[np.float64],
    spatial_scale: float, sampling_ratio: Pair, group_size: Pair, aligned: bool, mode: str,
    empty_value: float,
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
        planes = planes_of_bin(maps, ph, pw, (PH, PW), group_size)
        of_y1, of_y2 = moves(ph, PH, count_y, one_row)
        of_x1, of_x2 = moves(pw, PW, count_x, one_column)
        for iy, ix, down, right in slopes_of_bin(grad[:, ph, pw], planes, y, x, mode, empty_value):
            total += right * of_x1[ix], down * of_y1[iy], right * of_x2[ix], down * of_y2[iy]
    return total / max(count_y * count_x, 1) if mode == "avg" else total


def ps_roi_align_backward_rois(
    grad: NDArray[Any], features: NDArray[Any], rois: NDArray[np.float64], out: NDArray[np.float64],
    spatial_scale: float, sampling_ratio: Pair, group_size: Pair, aligned: bool,
    mode: str = "avg", empty_value: float = 0.0,
) -> None:
    """out[k] = the gradient of sum(grad[k] * the bins of rois[k]) by its x1, y1, x2, y2.

    How many samples a bin has is taken as given, also where it is adaptive.
    """
    with np.errstate(all="ignore"):  # what is in the arrays is the caller's business
        for roi, values, gradient in zip(rois, grad, out, strict=True):
            maps = features[int(roi[0])]
            how = spatial_scale, sampling_ratio, group_size, aligned, mode, empty_value
            in_cells = roi_gradient(values, maps, roi, *how)
            gradient[:] = in_cells * spatial_scale
