"""Position-sensitive RoI pooling: the average or maximum of each bin, on channels of its own."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from .bin_edges import bin_cells
from .quantize_rois import quantize_axis
from .roi_pool import pool_bin

Pair = tuple[int, int]


def planes_of_bin(maps: NDArray[Any], ph: int, pw: int, bins: Pair, group_size: Pair) -> NDArray[Any]:
    """The channels that bin (ph, pw) reads, one for each channel c of the output: a view of every GH * GW-th.

    ::

        (c * GH + gh) * GW + gw      with gh = floor(ph * GH / PH), gw = floor(pw * GW / PW)
    """
    (PH, PW), (GH, GW) = bins, group_size
    gh, gw = ph * GH // PH, pw * GW // PW
    return maps[gh * GW + gw :: GH * GW]


def ps_roi_pool(
    features: NDArray[Any], rois: NDArray[np.float64], out: NDArray[Any],
    spatial_scale: float, group_size: Pair, convention: Any, mode: str,
) -> None:
    """out[k, c, ph, pw] = average or maximum over bin (ph, pw) of rois[k] of that bin's own channel for c."""
    C, PH, PW = out.shape[1:]
    for k, (b, x1, y1, x2, y2) in enumerate(rois):
        height = quantize_axis(y1, y2, spatial_scale, convention)
        width = quantize_axis(x1, x2, spatial_scale, convention)
        for ph, pw in np.ndindex(PH, PW):
            planes = planes_of_bin(features[int(b)], ph, pw, (PH, PW), group_size)
            rows, columns = bin_cells(ph, height, PH, convention), bin_cells(pw, width, PW, convention)
            for c in range(C):
                with np.errstate(all="ignore"):  # what is in the map is the caller's business
                    out[k, c, ph, pw], _ = pool_bin(planes[c], rows, columns, convention, mode)
