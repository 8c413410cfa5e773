"""The gradient of bilinear position-sensitive crop_and_resize by the boxes: that of each part's crop, times
how far the part moves with the box."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from .crop_and_resize_backward_rois import crop_gradient
from .ps_crop_and_resize import Pair, part_of_roi, planes_of_part


def to_ends(by_start: float, by_end: float, g: int, parts: int) -> tuple[float, float]:
    """From the gradient by the ends of part g to that by the ends of the box: `along` backwards."""
    return (
        (by_start * (parts - g) + by_end * (parts - g - 1)) / parts,
        (by_start * g + by_end * (g + 1)) / parts,
    )


def ps_crop_and_resize_backward_rois(
    grad: NDArray[Any], features: NDArray[Any], rois: NDArray[np.float64], out: NDArray[np.float64],
    coordinates: str, group_size: Pair,
) -> None:
    """out[k] = the gradient of sum(grad[k] * the average crop of rois[k]) by its x1, y1, x2, y2."""
    GH, GW = group_size
    with np.errstate(all="ignore"):  # what is in the arrays is the caller's business
        for roi, values, gradient in zip(rois, grad, out, strict=True):
            total = np.zeros(4)
            for gh, gw in np.ndindex(GH, GW):
                planes = planes_of_part(features[int(roi[0])], gh, gw, group_size)
                left, top, right, bottom = crop_gradient(
                    values, planes, part_of_roi(roi, gh, gw, group_size), coordinates
                )
                (by_x1, by_x2), (by_y1, by_y2) = to_ends(left, right, gw, GW), to_ends(top, bottom, gh, GH)
                total += by_x1, by_y1, by_x2, by_y2
            gradient[:] = total / (GH * GW)
