"""RoI pooling: quantize the box, cut it into bins, take the maximum (or the average) of each bin's cells."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from .bin_edges import bin_range
from .quantize_rois import quantize_rois


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


def pool_roi(
    maps: NDArray[Any], region: list[int], out: NDArray[Any], argmax: NDArray[np.int64] | None,
    convention: Any, mode: str,
) -> None:
    """out[c, ph, pw] = maximum or average of maps[c] over bin (ph, pw) of a region x1, y1, x2, y2."""
    C, PH, PW = out.shape
    x1, y1, x2, y2 = region
    for c, ph, pw in np.ndindex(C, PH, PW):
        # Bins are cut from the region as it stands, before the map's border.
        y_start, y_end = bin_range(ph, y2 - y1, PH, convention.split)
        x_start, x_end = bin_range(pw, x2 - x1, PW, convention.split)
        rows, columns = (y1 + y_start, y1 + y_end), (x1 + x_start, x1 + x_end)
        out[c, ph, pw], index = pool_bin(maps[c], rows, columns, convention, mode)
        if argmax is not None:
            argmax[c, ph, pw] = index


def roi_pool(
    features: NDArray[Any], rois: NDArray[np.float64], out: NDArray[Any], argmax: NDArray[np.int64] | None,
    spatial_scale: float, convention: Any, mode: str,
) -> None:
    """out[k, c, ph, pw] = maximum or average of channel c over bin (ph, pw) of rois[k]."""
    regions = np.empty((len(rois), 5), np.int64)
    quantize_rois(rois, regions, spatial_scale, convention)
    with np.errstate(all="ignore"):  # what is in the map is the caller's business
        for k, (b, *region) in enumerate(regions.tolist()):
            pool_roi(features[b], region, out[k], None if argmax is None else argmax[k], convention, mode)
