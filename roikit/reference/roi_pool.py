"""RoI pooling: quantize the box, cut it into bins, take the maximum (or the average) of each bin's cells."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from .bin_edges import bin_cells
from .quantize_rois import quantize_axis


def clip_range(start: int, end: int, length: int) -> tuple[int, int]:
    """The part of start <= i < end that is on a map axis of `length` cells."""
    return min(max(start, 0), length), min(max(end, 0), length)


def pool_bin(
    plane: NDArray[Any], rows: tuple[int, int], columns: tuple[int, int], convention: Any, mode: str
) -> tuple[float, int]:
    """Value and argmax (flat y * W + x, or -1) of the bin ``rows`` × ``columns`` on one channel."""
    H, W = plane.shape
    y_start, y_end = clip_range(*rows, H)
    x_start, x_end = clip_range(*columns, W)
    cells = plane[y_start:y_end, x_start:x_end]
    off_map = 0.0  # how many cells off the map take part as 0
    if convention.outside == "zero":
        off_map = float(rows[1] - rows[0]) * float(columns[1] - columns[0]) - cells.size

    if cells.size + off_map == 0:
        return convention.empty_value, -1
    if mode == "avg":
        # As a loop adds, row by row; np.sum adds in another order, to another last digit.
        total = np.cumsum(cells, dtype=np.float64)[-1] if cells.size else 0.0
        return (0.0 + total) / (cells.size + off_map), -1  # from 0: the sum of -0.0 alone is 0
    if cells.size == 0:
        return 0.0, -1
    # the first maximum in row-major order, or the first NaN
    iy, ix = divmod(int(np.argmax(cells)), cells.shape[1])
    value = cells[iy, ix]
    if off_map and value < 0:
        return 0.0, -1
    return value, (y_start + iy) * W + x_start + ix


def roi_pool(
    features: NDArray[Any], rois: NDArray[np.float64], out: NDArray[Any], argmax: NDArray[np.int64] | None,
    spatial_scale: float, convention: Any, mode: str,
) -> None:
    """out[k, c, ph, pw] = maximum or average of channel c over bin (ph, pw) of rois[k]."""
    C, PH, PW = out.shape[1:]
    for k, (b, x1, y1, x2, y2) in enumerate(rois):
        height = quantize_axis(y1, y2, spatial_scale, convention)
        width = quantize_axis(x1, x2, spatial_scale, convention)
        for ph, pw in np.ndindex(PH, PW):
            # Bins are cut from the region as it stands, before the map's border.
            rows, columns = bin_cells(ph, height, PH, convention), bin_cells(pw, width, PW, convention)
            for c in range(C):
                with np.errstate(all="ignore"):  # what is in the map is the caller's business
                    out[k, c, ph, pw], index = pool_bin(features[int(b), c], rows, columns, convention, mode)
                if argmax is not None:
                    argmax[k, c, ph, pw] = index
