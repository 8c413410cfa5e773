"""The gradient of precise RoI pooling with respect to the boxes: the surface's mean slope over each piece of
a bin, times how far the piece's middle moves with the box. It has no kinks, wherever the box is not empty."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from .precise_roi_pool import Pieces, pieces, reached, scale_axis, weights
from .roi_align_backward_rois import over_channels


def moves(along: Pieces) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """The derivatives of `weights` by the start and by the end of the box.

    A piece whose middle is at the part t of the box moves by t with its end, and by 1 - t with its start; the
    surface's slope there is cell i + 1 minus cell i. (For the end of a bin this adds up to what one also
    finds by the quotient rule, the surface there less the mean, by the size: which is 0 / 0 for tiny bins.)
    """
    of_start, of_end = along.share * (1 - along.part), along.share * along.part
    return of_start[:-1] - of_start[1:], of_end[:-1] - of_end[1:]


def bin_gradient(
    grad: NDArray[Any], maps: NDArray[Any], rows: Pieces, columns: Pieces
) -> NDArray[np.float64]:
    """The gradient of sum(grad[c] * the bin on maps[c]) by x1, y1, x2, y2, these in cells."""
    w_y, w_x = weights(rows), weights(columns)
    (by_y1, by_y2), (by_x1, by_x2) = moves(rows), moves(columns)
    total = np.zeros(4)
    for y in reached(rows):
        row, row_by_x1, row_by_x2 = 0.0, 0.0, 0.0
        for x in reached(columns):
            value = over_channels(grad, maps[:, y, x].astype(np.float64))
            row += w_x[x] * value
            row_by_x1 += by_x1[x] * value
            row_by_x2 += by_x2[x] * value
        total += w_y[y] * row_by_x1, by_y1[y] * row, w_y[y] * row_by_x2, by_y2[y] * row
    return total


def roi_gradient(
    grad: NDArray[Any], maps: NDArray[Any], roi: NDArray[np.float64], spatial_scale: float
) -> NDArray[np.float64]:
    """The gradient of one RoI by x1, y1, x2, y2, these in cells."""
    PH, PW = grad.shape[1:]
    H, W = maps.shape[1:]
    _, x1, y1, x2, y2 = roi
    y_axis, x_axis = scale_axis(y1, y2, spatial_scale), scale_axis(x1, x2, spatial_scale)
    total = np.zeros(4)
    for ph, pw in np.ndindex(PH, PW):
        rows, columns = pieces(ph, *y_axis, PH, H), pieces(pw, *x_axis, PW, W)
        total += bin_gradient(grad[:, ph, pw], maps, rows, columns)
    return total


def precise_roi_pool_backward_rois(
    grad: NDArray[Any], features: NDArray[Any], rois: NDArray[np.float64], out: NDArray[np.float64],
    spatial_scale: float,
) -> None:
    """out[k] = the gradient of sum(grad[k] * the bins of rois[k]) by its x1, y1, x2, y2."""
    with np.errstate(all="ignore"):  # what is in the arrays is the caller's business
        for roi, values, gradient in zip(rois, grad, out, strict=True):
            maps = features[int(roi[0])]
            gradient[:] = roi_gradient(values, maps, roi, spatial_scale) * spatial_scale
