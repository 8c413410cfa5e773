"""Position-sensitive crop_and_resize: the average of a box's parts, each cropped from channels of its own."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from .crop_and_resize import crop_roi

Pair = tuple[int, int]


def along(start: float, end: float, g: int, parts: int) -> float:
    """Where part g of so many equal parts begins, weighted from both ends."""
    return (start * (parts - g) + end * g) / parts


def part_of_roi(roi: NDArray[np.float64], gh: int, gw: int, group_size: Pair) -> NDArray[np.float64]:
    """The RoI with part (gh, gw) of its box."""
    b, x1, y1, x2, y2 = roi
    GH, GW = group_size
    left, right = along(x1, x2, gw, GW), along(x1, x2, gw + 1, GW)
    top, bottom = along(y1, y2, gh, GH), along(y1, y2, gh + 1, GH)
    return np.array([b, left, top, right, bottom])


def planes_of_part(maps: NDArray[Any], gh: int, gw: int, group_size: Pair) -> NDArray[Any]:
    """The channels that part (gh, gw) is cropped from: C in a row, one for each channel of the output."""
    GH, GW = group_size
    C = len(maps) // (GH * GW)
    first = (gh * GW + gw) * C
    return maps[first : first + C]


def ps_crop_and_resize(
    features: NDArray[Any], rois: NDArray[np.float64], out: NDArray[Any],
    extrapolation_value: float, method: str, coordinates: str, group_size: Pair,
) -> None:
    """out[k] = the average over the parts (gh, gw) of rois[k] of their crops."""
    with np.errstate(all="ignore"):  # what is in the map is the caller's business
        for roi, values in zip(rois, out, strict=True):
            total, crop = np.zeros(values.shape), np.empty(values.shape)
            for gh, gw in np.ndindex(*group_size):
                planes = planes_of_part(features[int(roi[0])], gh, gw, group_size)
                part = part_of_roi(roi, gh, gw, group_size)
                crop_roi(planes, part, crop, extrapolation_value, method, coordinates)
                total += crop
            values[:] = total / (group_size[0] * group_size[1])
