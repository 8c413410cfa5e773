"""A range of n cells becomes P bins: the second quantization, in exact integers."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray


def bin_range(p: int, length: int, bins: int, split: str) -> tuple[int, int]:
    """Bin p of `bins` over `length` cells, half-open.

    Integers, because bins cut in floating point (``p * (length / bins)``) are one cell too long now and then.

    ::

        5 cells in 2 bins    overlap  [0 1 2]     disjoint  [0 1]         truncate  [0 1]
                                          [2 3 4]               [2 3 4]                 [2 3]  4 is dropped
    """
    if split == "truncate":
        size = max(length // bins, 1)
        return min(p * size, length), min((p + 1) * size, length)
    start = p * length // bins
    if split == "disjoint":
        return start, (p + 1) * length // bins
    return start, -(-(p + 1) * length // bins)  # overlap: the end rounded up


def bin_edges(length: int, out: NDArray[np.int64], convention: Any) -> None:
    """out[p] = start, end of bin p over `length` cells."""
    bins = len(out)
    for p in range(bins):
        out[p] = bin_range(p, length, bins, convention.split)
