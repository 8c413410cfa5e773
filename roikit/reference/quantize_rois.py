"""Boxes in image pixels become ranges of whole cells: the first quantization."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray


def round_ends(ends: NDArray[np.float64], rounding: str) -> NDArray[np.int64]:
    """Each coordinate as an integer, by the rounding that the convention names."""
    if rounding == "floor":
        whole = np.floor(ends)
    elif rounding == "round_half_even":
        whole = np.rint(ends)
    else:
        # round_half_away, as C's round(). Not floor(|end| + 0.5): that makes 1 of 0.49999999999999994.
        whole = np.floor(np.abs(ends))
        whole = np.copysign(whole + (np.abs(ends) - whole >= 0.5), ends)
    return whole.astype(np.int64)


def quantize_rois(
    rois: NDArray[np.float64], out: NDArray[np.int64], spatial_scale: float, convention: Any
) -> None:
    """out[k] = batch index, x1, y1, x2, y2 of rois[k] in cells: columns x1 <= x < x2, rows y1 <= y < y2."""
    with np.errstate(all="ignore"):  # an end may be so near to 0 that its product is 0
        cells = round_ends(rois[:, 1:] * spatial_scale - convention.offset, convention.rounding)
    start, end = cells[:, :2], cells[:, 2:]  # (K, 2): x and y
    size = end - start + (convention.ends == "inclusive")  # inclusive: one more, the end cell itself
    size = np.maximum(size, convention.minimum_size)  # also what makes a reversed box one cell
    out[:, 0] = rois[:, 0]
    out[:, 1:3] = start
    out[:, 3:5] = start + size
