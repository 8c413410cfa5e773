"""Boxes in equal parts, as position-sensitive crops read them; also of arrays of CuPy."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, NamedTuple

import numpy as np


class Part(NamedTuple):
    """Part (gh, gw) of every box, and the channels that it is cropped from."""

    gh: int
    gw: int
    rois: Any
    channels: slice


def parts(table: Any, groups: tuple[int, int], C: int) -> Iterator[Part]:
    """The parts of the boxes of `table`, row after row, with C channels each."""
    GH, GW = groups
    boxes = table.astype(np.float64)
    for gh, gw in np.ndindex(GH, GW):
        rois = boxes.astype(np.float64)
        for start, end, g, G in ((1, 3, gw, GW), (2, 4, gh, GH)):
            rois[:, start] = _along(boxes[:, start], boxes[:, end], g, G)
            rois[:, end] = _along(boxes[:, start], boxes[:, end], g + 1, G)
        first = (gh * GW + gw) * C
        yield Part(gh, gw, rois, slice(first, first + C))


def add_to_ends(total: Any, by_part: Any, part: Part, groups: tuple[int, int]) -> None:
    """Add to the gradient by the boxes what that by the ends of their parts comes to."""
    for start, end, g, G in ((0, 2, part.gw, groups[1]), (1, 3, part.gh, groups[0])):
        by_start, by_end = by_part[:, start], by_part[:, end]
        total[:, start] = total[:, start] + (by_start * (G - g) + by_end * (G - g - 1)) / G
        total[:, end] = total[:, end] + (by_start * g + by_end * (g + 1)) / G


def _along(start: Any, end: Any, g: int, G: int) -> Any:
    """Weighted from both ends: no part of a box that lies on the map is rounded off it."""
    with np.errstate(all="ignore"):  # the smallest of all numbers underflow
        return (start * (G - g) + end * g) / G
