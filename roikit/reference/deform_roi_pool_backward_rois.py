"""The gradient of deformable RoI pooling with respect to the boxes: the map's slope at each sample, times how
far the sample moves with the box, and with the shift, which grows with it."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from .bilinear_interpolate import axis_taps
from .deform_roi_pool import Side, shifted_points, sides
from .roi_align_backward_rois import bin_slopes


def part_of_end(p: int, along: Side, gamma: float, offset: float) -> NDArray[np.float64]:
    """How far each sample of bin p moves when the box's end moves by a cell; the start moves it by the rest.

    A sample at the part t of the box, shifted by gamma * offset of its size, lies at
    ``start + (t + gamma * offset) * (end - start)``.
    """
    return (p + (np.arange(along.count) + 0.5) / along.count) / along.bins + gamma * offset


def roi_gradient(
    grad: NDArray[Any], maps: NDArray[Any], rows: Side, columns: Side, shifts: NDArray[np.float64],
    gamma: float,
) -> NDArray[np.float64]:
    """The gradient of one RoI by x1, y1, x2, y2, these in cells."""
    H, W = maps.shape[1:]
    total = np.zeros(4)
    for ph, pw in np.ndindex(rows.bins, columns.bins):
        along_x, along_y = shifts[:, ph, pw]
        y = shifted_points(ph, rows, gamma, along_y)
        x = shifted_points(pw, columns, gamma, along_x)
        by_y, by_x = bin_slopes(grad[:, ph, pw], maps, y[:, None], x)
        of_y2 = part_of_end(ph, rows, gamma, along_y)
        of_x2 = part_of_end(pw, columns, gamma, along_x)
        inside = axis_taps(y[:, None], H).inside & axis_taps(x, W).inside
        for i, j in np.argwhere(inside):  # one off the map gives nothing, however far a huge offset moves it
            right, down = by_x[i, j], by_y[i, j]
            total += right * (1 - of_x2[j]), down * (1 - of_y2[i]), right * of_x2[j], down * of_y2[i]
    return total / max(rows.count * columns.count, 1)


def deform_roi_pool_backward_rois(
    grad: NDArray[Any], features: NDArray[Any], rois: NDArray[np.float64], offset: NDArray[np.float64],
    out: NDArray[np.float64], spatial_scale: float, sampling_ratio: tuple[int, int], gamma: float,
) -> None:
    """out[k] = the gradient of sum(grad[k] * the bins of rois[k]) by its x1, y1, x2, y2.

    How many samples a bin has is taken as given, also where it is adaptive.
    """
    with np.errstate(all="ignore"):  # what is in the arrays is the caller's business
        for roi, shifts, values, gradient in zip(rois, offset, grad, out, strict=True):
            rows, columns = sides(roi, values.shape[1:], spatial_scale, sampling_ratio)
            in_cells = roi_gradient(values, features[int(roi[0])], rows, columns, shifts, gamma)
            gradient[:] = in_cells * spatial_scale
