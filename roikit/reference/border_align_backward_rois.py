"""The gradient of border align with respect to the boxes: the map's slope at each maximum, times how far the
point moves with the box."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from .bilinear_interpolate import axis_taps
from .border_align import SIDES, side_points
from .roi_align_backward_rois import moving, slopes


def point_gradient(
    grad: float, plane: NDArray[Any], y: NDArray[np.float64], x: NDArray[np.float64]
) -> tuple[float, float]:
    """The gradient of grad * a map at a point by y and x; 0 outside, and where it is clamped to the map."""
    H, W = plane.shape
    rows, columns = axis_taps(y, H), axis_taps(x, W)
    if not (rows.inside and columns.inside):
        return 0.0, 0.0
    (by_y,), (by_x,) = slopes(plane[None], rows, columns)
    return grad * by_y if moving(y, H) else 0.0, grad * by_x if moving(x, W) else 0.0


def border_align_backward_rois(
    grad: NDArray[Any], features: NDArray[Any], rois: NDArray[np.float64], argmax: NDArray[Any],
    out: NDArray[np.float64], spatial_scale: float, pool_size: int,
) -> None:
    """out[k] = the gradient of sum(grad[k] * the maxima of rois[k]) by its x1, y1, x2, y2.

    Which point has the maximum is taken as given.
    """
    C = grad.shape[1]
    total = np.zeros(out.shape)
    with np.errstate(all="ignore"):  # what is in the arrays is the caller's business
        for k, c, side in np.ndindex(grad.shape):
            i = int(argmax[k, c, side])
            if not 0 <= i <= pool_size:
                continue
            y, x = side_points(rois[k, 1:] * spatial_scale, side, pool_size)
            plane = features[int(rois[k, 0]), side * C + c]
            by_y, by_x = point_gradient(np.float64(grad[k, c, side]), plane, y[i], x[i])
            from_x, from_y, to_x, to_y = SIDES[side]
            t = i / pool_size  # of the way from corner to corner
            total[k, from_x] += (1 - t) * by_x
            total[k, to_x] += t * by_x
            total[k, from_y] += (1 - t) * by_y
            total[k, to_y] += t * by_y
        out[:] = total * spatial_scale
