"""The gradient of precise RoI pooling by the map: each bin gives back what it read, by weight."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from .precise_roi_pool import Pieces, pieces, reached, scale_axis, weights


def spread_bin(
    maps: NDArray[np.float64], rows: Pieces, columns: Pieces, value: NDArray[np.float64]
) -> None:
    """Add value[c] to the cells of maps[c] that one bin reaches, by their weights: `pool_bin` backwards."""
    w_y, w_x = weights(rows), weights(columns)
    for y in reached(rows):
        row = w_y[y] * value
        for x in reached(columns):
            maps[:, y, x] += w_x[x] * row


def spread_roi(
    maps: NDArray[np.float64], roi: NDArray[np.float64], grad: NDArray[Any], spatial_scale: float
) -> None:
    """Add to maps[c] what the bins of one RoI, grad[c, ph, pw], give back."""
    PH, PW = grad.shape[1:]
    H, W = maps.shape[1:]
    _, x1, y1, x2, y2 = roi
    y_axis, x_axis = scale_axis(y1, y2, spatial_scale), scale_axis(x1, x2, spatial_scale)
    for ph, pw in np.ndindex(PH, PW):
        rows, columns = pieces(ph, *y_axis, PH, H), pieces(pw, *x_axis, PW, W)
        spread_bin(maps, rows, columns, grad[:, ph, pw].astype(np.float64))


def precise_roi_pool_backward(
    grad: NDArray[Any], rois: NDArray[np.float64], out: NDArray[Any], spatial_scale: float
) -> None:
    """out[n, c, y, x] = sum of grad[k, c, ph, pw], each times the weight of that cell in its bin.

    Added up in float64, RoI after RoI and bin after bin, and rounded once.
    """
    total = np.zeros(out.shape)
    with np.errstate(all="ignore"):  # what is in grad is the caller's business
        for roi, values in zip(rois, grad, strict=True):
            spread_roi(total[int(roi[0])], roi, values, spatial_scale)
        out[:] = total
