"""A region becomes P bins of whole cells: the second quantization, in exact integers where it can be."""

from __future__ import annotations

from math import ceil, floor
from typing import Any

import numpy as np
from numpy.typing import NDArray


def bin_range(p: int, length: int, bins: int, split: str, arithmetic: str = "exact") -> tuple[int, int]:
    """Bin p of `bins` over `length` cells, half-open.

    Integers, because bins cut in floating point (``p * (length / bins)``) are one cell too long now and then.

    ::

        5 cells in 2 bins    overlap  [0 1 2]     disjoint  [0 1]         truncate  [0 1]
                                          [2 3 4]               [2 3 4]                 [2 3]  4 is dropped
    """
    if split == "truncate":
        size = max(length // bins, 1)
        return min(p * size, length), min((p + 1) * size, length)
    if arithmetic != "exact":  # overlap, as other libraries cut it
        kind = np.dtype(arithmetic).type
        width = kind(length) / kind(bins)
        return floor(kind(p) * width), ceil(kind(p + 1) * width)
    start = p * length // bins
    if split == "disjoint":
        return start, (p + 1) * length // bins
    return start, -(-(p + 1) * length // bins)  # overlap: the end rounded up


def absolute_range(
    p: int, region: tuple[float, float, float], bins: int, arithmetic: str
) -> tuple[int, int]:
    """The cells that bin p of `bins` touches, of a region with real ends."""
    start, end, size = region
    if not size > 0:
        return floor(start), floor(start)
    if arithmetic == "exact":
        low = start + p * size / bins
        high = end if p + 1 == bins else start + (p + 1) * size / bins
    else:
        kind = np.dtype(arithmetic).type
        with np.errstate(all="ignore"):  # the size may be so near to 0 that its part is 0
            width = kind(size) / kind(bins)
            low, high = kind(p) * width + kind(start), kind(p + 1) * width + kind(start)
    return floor(low), max(ceil(high), floor(low))


def bin_cells(p: int, region: tuple[float, float, float], bins: int, convention: Any) -> tuple[int, int]:
    """The cells of bin p of a region: cut from it as it stands, before the map's border."""
    if convention.split == "absolute":
        return absolute_range(p, region, bins, convention.arithmetic)
    start, _, size = region
    first, end = bin_range(p, max(int(size), 0), bins, convention.split, convention.arithmetic)
    return int(start) + first, int(start) + end


def bin_edges(length: int, out: NDArray[np.int64], convention: Any) -> None:
    """out[p] = start, end of bin p over `length` cells."""
    bins = len(out)
    for p in range(bins):
        out[p] = bin_range(p, length, bins, convention.split, convention.arithmetic)
