"""The gradient of crop_and_resize with respect to the map: each point gives back to what it read."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from .crop_and_resize import crop_points, crop_taps, nearest
from .roi_align_backward import spread


def spread_crop(
    maps: NDArray[np.float64], roi: NDArray[np.float64], grad: NDArray[Any], method: str, coordinates: str
) -> None:
    """Add to maps[c] what the points of a RoI, grad[c, ph, pw], give back; one off the map gives nothing."""
    PH, PW = grad.shape[1:]
    H, W = maps.shape[1:]
    _, x1, y1, x2, y2 = roi
    points_y = crop_points(y1, y2, PH, H, coordinates)
    points_x = crop_points(x1, x2, PW, W, coordinates)
    for ph, pw in np.ndindex(PH, PW):
        y, x = crop_taps(points_y[ph], H), crop_taps(points_x[pw], W)
        value = grad[:, ph, pw].astype(np.float64)
        if not (y.inside and x.inside):
            continue
        if method == "nearest":
            maps[:, nearest(y), nearest(x)] += value
        else:
            spread(maps, y, x, value)


def crop_and_resize_backward(
    grad: NDArray[Any], rois: NDArray[np.float64], out: NDArray[Any], method: str, coordinates: str
) -> None:
    """out[n, c, y, x] = sum of grad[k, c, ph, pw], each times what the cell weighs at that point.

    Added up in float64, RoI after RoI, point after point, and rounded once.
    """
    total = np.zeros(out.shape)
    with np.errstate(all="ignore"):  # what is in grad is the caller's business
        for roi, values in zip(rois, grad, strict=True):
            spread_crop(total[int(roi[0])], roi, values, method, coordinates)
        out[:] = total
