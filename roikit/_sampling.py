"""Boxes as any peer's sampling reads them, for kernels that know two conventions, `aligned` or not.

Another convention is carried out by the second of them on other boxes, in float64::

    the convention reads     (x + pixel_offset) * spatial_scale - offset
    aligned=True reads       x' * spatial_scale - 0.5
    so                       x' = x + pixel_offset + (0.5 - offset) / spatial_scale

and an axis below the minimum size is made that long, from its start.
"""

from __future__ import annotations

import math
import sys
from dataclasses import replace
from typing import Any, NamedTuple

import numpy as np

from roikit import _on_gpu, _validate
from roikit._plain import shown
from roikit.convention import CONVENTIONS, FARTHEST_CELL, Convention


class Reading(NamedTuple):
    """What kernels are given in place of a convention.

    `empty_value` is the convention's; `grown` (K, 2) says which of x and y were made larger.
    """

    boxes: _validate.Regions
    aligned: bool
    empty_value: float = 0.0
    grown: Any = None

    def back(self, gradient: Any) -> Any:
        """The gradient (K, 4) by the caller's boxes, from that by these, in place.

        A box that was made larger moves as a whole: its end is its start and a constant.
        """
        if self.grown is not None:
            xp = _module(gradient)
            grown = xp.asarray(self.grown)  # boxes may have come from the CPU
            starts, ends = gradient[:, :2], gradient[:, 2:]
            with np.errstate(all="ignore"):  # what is in the gradient is the caller's business
                gradient[:, :2] = xp.where(grown, starts + ends, starts)
                gradient[:, 2:] = xp.where(grown, ends * 0, ends)  # NaN stays, as in the definition
        return gradient


def read_as(
    boxes: _validate.Regions, spatial_scale: float, convention: object, aligned: bool, mode: str
) -> Reading:
    """Without a convention, and for the two that `aligned` names, the boxes themselves."""
    if convention is None:
        return Reading(boxes, aligned)
    rules, empty_value = _rules(convention, aligned)
    if mode == "avg" and empty_value != 0:
        raise ValueError(f"convention must have empty_value 0 where mode is 'avg'; got {empty_value}")
    if rules in (CONVENTIONS["roi_align"], CONVENTIONS["half_pixel"]):
        return Reading(boxes, rules.offset == 0.5, empty_value)
    xp = _module(boxes.table)
    table = xp.array(boxes.table, dtype=np.float64)
    size = rules.minimum_size
    shift = _pixels(0.5 - rules.offset, spatial_scale)
    before_start, before_end = rules.added_pixels
    grown = None
    with np.errstate(all="ignore"):  # boxes beyond all bounds are refused afterwards
        starts, ends = table[:, 1:3] + (before_start + shift), table[:, 3:] + (before_end + shift)
        if size is not None:
            # Of a box beyond all bounds nothing is made larger: on a GPU kernels find it later.
            known = abs(ends * spatial_scale) <= FARTHEST_CELL
            grown = known & (ends * spatial_scale - starts * spatial_scale < size)
            ends = xp.where(grown, starts + _pixels(size, spatial_scale), ends)
    table[:, 1:3] = starts
    table[:, 3:] = ends
    return Reading(boxes._replace(table=table), True, empty_value, grown)


def _pixels(cells: float, spatial_scale: float) -> float:
    pixels = cells / spatial_scale
    if not math.isfinite(pixels):
        moved = f"a convention that moves an end by {cells:g} cells"
        raise ValueError(f"spatial_scale {spatial_scale} is too small for {moved}")
    return pixels


def _module(array: Any) -> Any:
    """What computes with an array where it is."""
    return sys.modules["cupy"] if _on_gpu.is_on_gpu(array) else np


def _rules(convention: object, aligned: bool) -> tuple[Convention, float]:
    """How a box is read, and the empty value, which has no part in that."""
    given = _validate.convention(convention, samples=True)
    rules = replace(given, empty_value=0.0)
    if aligned and rules != CONVENTIONS["half_pixel"]:
        raise ValueError(f"convention must be 'half_pixel' where aligned is True; got {shown(convention)}")
    return rules, given.empty_value
