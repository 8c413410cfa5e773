"""The gradient of bilinear crop_and_resize with respect to the boxes: the map's slope at each point, times
how far the point moves with the box."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from .bilinear_interpolate import Taps
from .crop_and_resize import crop_points, crop_taps, extent
from .roi_align_backward_rois import Pair, over_channels, slopes


def moves(count: int, length: int, coordinates: str) -> Pair:
    """How many cells each point moves when the box's start, or its end, moves by 1."""
    cells = extent(length, coordinates)
    if count == 1:
        return np.array([0.5 * cells]), np.array([0.5 * cells])
    p = np.arange(count)
    return (count - 1 - p) * cells / (count - 1), p * cells / (count - 1)


def slope_taps(points: NDArray[np.float64], length: int) -> Taps:
    """The cells between which a point feels the slope: on a cell those towards the next one, and on the last
    cell, next to which is nothing, those from the one before."""
    taps = crop_taps(points, length)
    low = np.minimum(taps.low, max(length - 2, 0))
    return taps._replace(low=low, fraction=taps.fraction + (taps.low - low))


def crop_gradient(
    grad: NDArray[Any], maps: NDArray[Any], roi: NDArray[np.float64], coordinates: str
) -> NDArray[np.float64]:
    """The gradient of one RoI by x1, y1, x2, y2."""
    PH, PW = grad.shape[1:]
    H, W = maps.shape[1:]
    _, x1, y1, x2, y2 = roi
    y = slope_taps(crop_points(y1, y2, PH, H, coordinates)[:, None], H)
    x = slope_taps(crop_points(x1, x2, PW, W, coordinates), W)
    inside = y.inside & x.inside
    by_y, by_x = (np.where(inside, over_channels(grad, by), 0.0) for by in slopes(maps, y, x))
    of_y1, of_y2 = moves(PH, H, coordinates)
    of_x1, of_x2 = moves(PW, W, coordinates)
    total = np.zeros(4)
    for ph, pw in np.ndindex(PH, PW):
        right, down = by_x[ph, pw], by_y[ph, pw]
        total += right * of_x1[pw], down * of_y1[ph], right * of_x2[pw], down * of_y2[ph]
    return total


def crop_and_resize_backward_rois(
    grad: NDArray[Any], features: NDArray[Any], rois: NDArray[np.float64], out: NDArray[np.float64],
    coordinates: str,
) -> None:
    """out[k] = the gradient of sum(grad[k] * the crop of rois[k]) by its x1, y1, x2, y2."""
    with np.errstate(all="ignore"):  # what is in the arrays is the caller's business
        for roi, values, gradient in zip(rois, grad, out, strict=True):
            gradient[:] = crop_gradient(values, features[int(roi[0])], roi, coordinates)
