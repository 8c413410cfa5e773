"""The gradient of position-sensitive RoI pooling: a bin's cells share its gradient equally, or its maximum
has it."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from .bin_edges import bin_cells
from .ps_roi_pool import Pair, planes_of_bin
from .quantize_rois import quantize_axis
from .roi_pool import clip_range, pool_bin


def spread_bin(
    planes: NDArray[np.float64], rows: Pair, columns: Pair, value: NDArray[Any], convention: Any
) -> None:
    """Give each cell of a bin an equal share of the bin's gradient, value[c]."""
    H, W = planes.shape[1:]
    y_start, y_end = clip_range(*rows, H)
    x_start, x_end = clip_range(*columns, W)
    cells = planes[:, y_start:y_end, x_start:x_end]
    count = float((y_end - y_start) * (x_end - x_start))
    if convention.outside == "zero":  # cells off the map took part as 0: what they are given is lost
        count += float(rows[1] - rows[0]) * float(columns[1] - columns[0]) - count
    cells += (value.astype(np.float64) / count)[:, None, None]


def give_maxima(
    planes: NDArray[np.float64], maps: NDArray[Any], rows: Pair, columns: Pair, value: NDArray[Any],
    convention: Any,
) -> None:
    """Give value[c] to the one cell where maps[c] has the bin's maximum; to none, if that is of no cell."""
    for c, plane in enumerate(maps):
        _, argmax = pool_bin(plane, rows, columns, convention, "max")
        if argmax >= 0:
            planes[c][divmod(argmax, plane.shape[1])] += value[c]


def ps_roi_pool_backward(
    grad: NDArray[Any], rois: NDArray[np.float64], out: NDArray[Any],
    spatial_scale: float, group_size: Pair, convention: Any, mode: str, features: Any,
) -> None:
    """out[n, m, y, x] = sum of grad[k, c, ph, pw], each times the derivative of its bin by that cell.

    Added up in float64, RoI after RoI, bin after bin, and rounded once. Only maxima ask for the features.
    """
    PH, PW = grad.shape[2:]
    total = np.zeros(out.shape)
    with np.errstate(all="ignore"):  # what is in grad is the caller's business
        for k, (b, x1, y1, x2, y2) in enumerate(rois):
            height = quantize_axis(y1, y2, spatial_scale, convention)
            width = quantize_axis(x1, x2, spatial_scale, convention)
            for ph, pw in np.ndindex(PH, PW):
                place, value = (ph, pw, (PH, PW), group_size), grad[k, :, ph, pw]
                planes = planes_of_bin(total[int(b)], *place)
                rows, columns = bin_cells(ph, height, PH, convention), bin_cells(pw, width, PW, convention)
                if mode == "avg":
                    spread_bin(planes, rows, columns, value, convention)
                else:
                    maps = planes_of_bin(features[int(b)], *place)
                    give_maxima(planes, maps, rows, columns, value, convention)
        out[:] = total
