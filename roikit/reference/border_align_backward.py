"""The gradient of border align with respect to the map: each maximum gives to the neighbours of its point."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from .bilinear_interpolate import axis_taps
from .border_align import side_points
from .roi_align_backward import spread


def border_align_backward(
    grad: NDArray[Any], rois: NDArray[np.float64], argmax: NDArray[Any], out: NDArray[Any],
    spatial_scale: float, pool_size: int,
) -> None:
    """out[n, side * C + c, y, x] = sum of grad[k, c, side], each times that cell's weight at its point.

    Added up in float64, RoI after RoI, and rounded once. An argmax that is no point gives nothing.
    """
    C = grad.shape[1]
    H, W = out.shape[2:]
    total = np.zeros(out.shape)
    with np.errstate(all="ignore"):  # what is in grad is the caller's business
        for k, c, side in np.ndindex(grad.shape):
            i = int(argmax[k, c, side])
            if not 0 <= i <= pool_size:
                continue
            y, x = side_points(rois[k, 1:] * spatial_scale, side, pool_size)
            row, column = axis_taps(y[i], H), axis_taps(x[i], W)
            if row.inside and column.inside:
                plane = total[int(rois[k, 0]), side * C + c, None]
                spread(plane, row, column, grad[k, c, side, None].astype(np.float64))
        out[:] = total
