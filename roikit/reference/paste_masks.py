"""Masks pasted into an image: each pixel of a box is read, bilinearly, from the mask that is stretched over
the box, with zeros around it."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from .bilinear_interpolate import Taps, axis_taps, blend


def grown(start: float, end: float, cells: int, padding: int) -> tuple[int, int]:
    """First and last pixel of one axis of a box that grew, about its centre, as a mask of so many cells did
    by its padding; torchvision's, which cuts off the fractions."""
    growth = (cells + 2 * padding) / cells
    centre, half = (end + start) * 0.5, (end - start) * 0.5 * growth
    return int(centre - half), int(centre + half)


def paste_taps(
    pixels: NDArray[np.float64], start: float, end: float, cells: int, width: int, padding: int,
    convention: str,
) -> Taps:
    """Which cells of the padded mask the pixels read, along an axis on which the mask itself has `cells`.

    ::

        torchvision   the padded mask lies over the pixels first .. last, both included: first - 1/2 in it is
                      cell -1/2, and outer halves of cells are clamped
        detectron2    the mask, padded by one cell, lies over start .. end; pixel x is at x + 1/2
    """
    padded = cells + 2 * padding
    if convention == "torchvision":
        first, last = grown(start, end, width, padding)  # one growth for both axes: masks are square there
        points = (pixels - first + 0.5) * (padded / max(last - first + 1, 1)) - 0.5
        inside = (pixels >= first) & (pixels <= last)
    else:
        points = (pixels + 0.5 - start) * (np.float64(cells) / (end - start)) + 0.5
        inside = (end > start) & (points >= 0) & (points <= padded - 1)
    return axis_taps(points, padded)._replace(inside=inside)


def taps_of_box(
    image: tuple[int, ...], box: NDArray[np.float64], mask: tuple[int, ...], padding: int, convention: str
) -> tuple[Taps, Taps]:
    """What the rows and the columns of the image, (H, W), read of the mask, (h, w)."""
    H, W = image
    h, w = mask
    x1, y1, x2, y2 = box
    rows = paste_taps(np.arange(float(H)), y1, y2, h, w, padding, convention)
    return rows, paste_taps(np.arange(float(W)), x1, x2, w, w, padding, convention)


def part(taps: Taps, index: Any) -> Taps:
    """Those of some points, or of one."""
    return Taps(taps.inside[index], taps.low[index], taps.high[index], taps.fraction[index])


def paste_masks(
    masks: NDArray[Any], boxes: NDArray[np.float64], out: NDArray[Any], padding: int, convention: str
) -> None:
    """out[k, y, x] = mask k, stretched over its box, at pixel (y, x); 0 outside."""
    with np.errstate(all="ignore"):  # what is in the masks is the caller's business
        for mask, box, image in zip(masks, boxes, out, strict=True):
            y, x = taps_of_box(image.shape, box, mask.shape, padding, convention)
            image[:] = blend(np.pad(mask, padding), part(y, np.s_[:, None]), x)
