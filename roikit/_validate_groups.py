"""The checks of what position-sensitive operations alone have: the groups that a map's channels are in."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from roikit import _validate, _validate_gradients
from roikit._plain import said, shown
from roikit._validate import MOST_BINS, Regions

Pair = tuple[int, int]
#: No end of a box that is cut into parts may lie further out.
FARTHEST = 2.0**1000


def group_size(value: object, bins: Pair) -> Pair:
    """(GH, GW); None is a group for each bin."""
    if value is None:
        return bins
    GH, GW = _validate.pair("group_size", value)
    if GH < 1 or GW < 1:
        raise ValueError(f"group_size must be at least 1 group high and wide; got {shown(value)}")
    if GH > MOST_BINS or GW > MOST_BINS:
        raise ValueError(f"group_size must be at most 2**20 groups high and wide; got {shown(value)}")
    return GH, GW


def parts(value: object) -> Pair:
    """(GH, GW), of which there is no default."""
    return group_size(value, (1, 1)) if value is not None else _validate.pair("group_size", value)


def within_reach_of_parts(boxes: Regions) -> None:
    """Refuse boxes whose ends, times how many parts they have, are no numbers of float64."""
    if boxes.on_gpu or (np.abs(boxes.table[:, 1:]) <= FARTHEST).all():
        return
    k, column = (int(i) for i in np.argwhere(np.abs(boxes.table[:, 1:]) > FARTHEST)[0])
    reached = boxes.table[k, 1 + column]
    raise ValueError(f"{boxes.name(k)} reaches {reached}: boxes in parts must lie within -2**1000 .. 2**1000")


def output_channels(channels: int, groups: Pair, holder: str) -> int:
    """How many channels the output has: a map has GH * GW for each of them."""
    GH, GW = groups
    if channels % (GH * GW):
        rule = f"channels in {GH} × {GW} groups, a multiple of {GH * GW}"
        raise ValueError(f"{holder} must have {rule}; got {said(channels)}")
    return channels // (GH * GW)


def rows_and_channels(grad: NDArray[Any], boxes: Regions, channels: int, groups: Pair, holder: str) -> None:
    """Whether grad, (K, C, PH, PW), has a row for each box, and a channel for each group of the map."""
    C = output_channels(channels, groups, holder)
    if grad.shape[1] != C:
        GH, GW = groups
        rule = f"one channel for each {GH} × {GW} of the map: it has {grad.shape[1]}, and {holder} has"
        raise ValueError(f"grad must have {rule} {said(channels)}")
    _validate_gradients.rows_and_channels(grad, boxes, C, holder)
