"""The gradient of RoIAlign of rotated boxes with respect to the boxes: the map's slope at each sample, times
how far the sample moves with the box."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from .roi_align_backward_rois import bin_slopes
from .roi_align_rotated import frame, sample_counts, turned, upright_points


def parts(p: int, bins: int, count: int, one_cell: bool) -> NDArray[np.float64]:
    """How far each sample of bin p moves from the centre when the box becomes one cell longer.

    ::

        -1/2   .     .   0   .     .   1/2     2 bins, 2 points each: -3/8, -1/8, 1/8, 3/8
    """
    if one_cell:  # it was made one cell long, and stays it
        return np.zeros(count)
    return (p + (np.arange(count) + 0.5) / count) / bins - 0.5


def roi_gradient(
    grad: NDArray[Any], maps: NDArray[Any], roi: NDArray[np.float64],
    spatial_scale: float, sampling_ratio: tuple[int, int], aligned: bool,
) -> NDArray[np.float64]:
    """The gradient of one RoI by centre x and y, width and height in cells, and by the angle in radians."""
    bins = PH, PW = grad.shape[1:]
    box = frame(roi, spatial_scale, aligned)
    counts = count_y, count_x = sample_counts(box, bins, sampling_ratio)
    one_column, one_row = (not aligned and side * spatial_scale < 1 for side in roi[3:5])
    total = np.zeros(5)
    for ph, pw in np.ndindex(PH, PW):
        yy, xx = upright_points(box, (ph, pw), bins, counts)
        by_y, by_x = bin_slopes(grad[:, ph, pw], maps, *turned(box, yy, xx))
        of_height, of_width = parts(ph, PH, count_y, one_row), parts(pw, PW, count_x, one_column)
        for i, j in np.ndindex(count_y, count_x):
            down, right = by_y[i, j], by_x[i, j]
            along_height = down * box.cos + right * box.sin  # the slopes along the box's own sides
            along_width = right * box.cos - down * box.sin
            turning = yy[i, 0] * along_width - xx[j] * along_height
            total += right, down, along_width * of_width[j], along_height * of_height[i], turning
    return total / max(count_y * count_x, 1)


def roi_align_rotated_backward_rois(
    grad: NDArray[Any], features: NDArray[Any], rois: NDArray[np.float64], out: NDArray[np.float64],
    spatial_scale: float, sampling_ratio: tuple[int, int], aligned: bool, turn: float,
) -> None:
    """out[k] = the gradient of sum(grad[k] * the bins of rois[k]) by its centre, width, height and angle.

    `turn` is how many radians, counter-clockwise, one unit of the angle is. How many samples a bin has is
    taken as given, also where it is adaptive.
    """
    units = np.array([spatial_scale, spatial_scale, spatial_scale, spatial_scale, turn])
    with np.errstate(all="ignore"):  # what is in the arrays is the caller's business
        for roi, values, gradient in zip(rois, grad, out, strict=True):
            maps = features[int(roi[0])]
            gradient[:] = roi_gradient(values, maps, roi, spatial_scale, sampling_ratio, aligned) * units
