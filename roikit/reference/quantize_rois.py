"""Boxes in image pixels become regions of the map: whole cells, or real ends where nothing is rounded."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray


def round_end(end: float, rounding: str) -> float:
    """A coordinate as a whole number, by the rounding that the convention names."""
    if rounding == "floor":
        return float(np.floor(end))
    if rounding == "round_half_even":
        return float(np.rint(end))
    # round_half_away, as C's round(). Not floor(|end| + 0.5): that makes 1 of 0.49999999999999994.
    whole = np.floor(abs(end))
    return float(np.copysign(whole + (abs(end) - whole >= 0.5), end))


def scale_end(end: float, added: float, spatial_scale: float, convention: Any) -> float:
    """One end of a box in cells, not yet rounded to them; `added` are pixels."""
    kinds: tuple[Any, ...] = (np.float32, np.float64) if convention.arithmetic == "float32" else (np.float64,)
    for kind in kinds:
        with np.errstate(all="ignore"):  # an end may be so near to 0 that its product is 0
            pixels = kind(end)
            if convention.round_pixels:
                pixels = kind(round_end(pixels, convention.rounding))
            cells = (pixels + kind(added)) * kind(spatial_scale) - kind(convention.offset)
        if abs(cells) <= 2.0**42:  # no region has its end further out; else float32 could not hold it
            break
    return float(cells)


def quantize_axis(
    start: float, end: float, spatial_scale: float, convention: Any
) -> tuple[float, float, float]:
    """Start, end and size, in cells, of one axis of a box: whole numbers where the convention rounds."""
    first, last = (
        scale_end(pixels, added, spatial_scale, convention)
        for pixels, added in zip((start, end), convention.added_pixels, strict=True)
    )
    if convention.whole_cells:
        first, last = round_end(first, convention.rounding), round_end(last, convention.rounding)
        last += convention.ends == "inclusive"  # one more, the end cell itself
    size = last - first
    if convention.minimum_size is not None and size < convention.minimum_size:
        size = float(convention.minimum_size)  # also what makes a reversed box one cell
        last = first + size
    return first, last, size


def quantize_rois(
    rois: NDArray[np.float64], out: NDArray[np.int64], spatial_scale: float, convention: Any
) -> None:
    """out[k] = batch index, x1, y1, x2, y2 of rois[k] in cells: columns x1 <= x < x2, rows y1 <= y < y2."""
    for k, (b, x1, y1, x2, y2) in enumerate(rois):
        left, right, _ = quantize_axis(x1, x2, spatial_scale, convention)
        top, bottom, _ = quantize_axis(y1, y2, spatial_scale, convention)
        out[k] = b, left, top, right, bottom
