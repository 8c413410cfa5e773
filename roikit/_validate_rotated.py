"""Rotated boxes: the checks that they alone need, and the cosine and sine that all backends are given."""

from __future__ import annotations

import math
import sys
from typing import Any

import numpy as np
from numpy.typing import NDArray

from roikit import _on_gpu, _validate
from roikit._validate import Regions

#: What a rotated box is given by.
COLUMNS = ("cx", "cy", "w", "h", "angle")
#: Radians in one unit.
UNITS = {"degrees": math.pi / 180, "radians": 1.0}


def regions(rois: object, images: int, holder: str, beside: Any) -> Regions:
    """(K, 6): batch index, centre x and y, width, height, angle."""
    boxes = _validate.regions(rois, images, holder, beside, COLUMNS)
    if boxes.on_gpu:
        return boxes
    least = np.min(boxes.table[:, 3:5], axis=1, initial=np.inf)
    if (least < 0).any():
        k = int(np.argmax(least < 0))
        rule = "the width and height of a rotated box must not be negative"
        raise ValueError(f"{boxes.name(k)} has a side of {least[k]}: {rule}")
    return boxes


def turn(angle: object, clockwise: object) -> float:
    """How many radians, counter-clockwise, one unit of the angle is."""
    unit = UNITS[_validate.choice("angle", angle, *UNITS)]
    return -unit if _validate.flag("clockwise", clockwise) else unit


def within_reach(boxes: Regions, spatial_scale: float) -> None:
    _validate.within_reach(boxes._replace(table=boxes.table[:, :5]), spatial_scale)


def adaptive_samples(
    boxes: Regions, spatial_scale: float, bins: tuple[int, int], ratio: tuple[int, int]
) -> None:
    if not boxes.on_gpu:
        upright = boxes.table[:, [0, 3, 4, 3, 4]]  # from (0, 0) to (width, height)
        upright[:, 1:3] = 0
        _validate.adaptive_samples(boxes._replace(table=upright), spatial_scale, bins, ratio)


def frames(boxes: Regions, per_unit: float) -> Any:
    """(K, 7) float64: batch index, centre x and y, width, height, cosine and sine of the angle.

    Computed here, so that what the definition and the kernels sample has the same bits; for boxes on a GPU by
    a kernel there.
    """
    if boxes.on_gpu:
        return _frames_on_gpu(boxes.table, per_unit)
    return np.column_stack([boxes.table[:, :5], *cos_sin(boxes.table[:, 5], per_unit)])


def _frames_on_gpu(table: Any, per_unit: float) -> Any:
    cupy: Any = sys.modules["cupy"]
    with table.device:
        made = cupy.empty((len(table), 7), np.float64)
    compute = _on_gpu.compute("rotated_frames", table, (1,), plain=False, deterministic=True)
    compute(table.astype(np.float64), made, per_unit)
    return made


def cos_sin(angles: NDArray[np.float64], per_unit: float) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Of multiples of 90 degrees exactly 0, 1 and -1.

    ::

        quarters of a turn        0      1      2      3
        cosine                  cos   -sin   -cos    sin      of the rest, -45 .. 45 degrees
        sine                    sin    cos   -sin   -cos
    """
    with np.errstate(all="ignore"):  # the smallest of all angles underflow
        if abs(per_unit) == 1:  # radians, of which no multiple of a quarter is a number
            return np.cos(angles), np.sin(per_unit * angles)
        within = np.fmod(angles, 360.0)
        quarters = np.rint(within / 90)
        rest = (within - 90 * quarters) * UNITS["degrees"]
        cos, sin = np.cos(rest), np.sin(rest)
    each = (quarters.astype(np.int64) % 4, np.arange(len(angles)))
    cosines, sines = np.stack([cos, -sin, -cos, sin])[each], np.stack([sin, cos, -sin, -cos])[each]
    return cosines, np.sign(per_unit) * sines
