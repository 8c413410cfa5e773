"""The inputs of the course's worked examples, read-only."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from roikit import _arrays, _validate
from roikit._plain import real, shown

__all__ = ["BOX_665", "MAP_8X8", "MAP_8X8_BATCH", "ROI_8X8", "SCALE_665", "ramp"]


def _frozen(values: Sequence[Sequence[float]]) -> NDArray[np.float64]:
    array = np.array(values, dtype=np.float64)
    array.flags.writeable = False
    return array


#: The 8×8 feature map on which pooling and align are worked out by hand, ``(H, W)``.
MAP_8X8 = _frozen(
    [
        [0.88, 0.44, 0.14, 0.16, 0.37, 0.77, 0.96, 0.27],
        [0.19, 0.45, 0.57, 0.16, 0.63, 0.29, 0.71, 0.70],
        [0.66, 0.26, 0.82, 0.64, 0.54, 0.73, 0.59, 0.26],
        [0.85, 0.34, 0.76, 0.84, 0.29, 0.75, 0.62, 0.25],
        [0.32, 0.74, 0.21, 0.39, 0.34, 0.03, 0.33, 0.48],
        [0.20, 0.14, 0.16, 0.13, 0.73, 0.65, 0.96, 0.32],
        [0.19, 0.69, 0.09, 0.86, 0.88, 0.07, 0.01, 0.48],
        [0.83, 0.24, 0.97, 0.04, 0.24, 0.35, 0.50, 0.91],
    ]
)

#: The same map as a batch of one image with one channel, ``(N, C, H, W)``.
MAP_8X8_BATCH = MAP_8X8[None, None]

#: Its box: batch index 0, columns 0..6, rows 3..7 when the ends are exclusive; 7 wide and 5 high.
ROI_8X8 = _frozen([[0, 0, 3, 7, 8]])

#: A box of 665 pixels on an image of 800×800 whose feature map is 25×25, stride 32: 665/32 = 20.78125 cells.
BOX_665 = _frozen([[0, 0, 0, 665, 665]])

#: The scale that goes with `BOX_665`.
SCALE_665 = 1 / 32


#: Rows, or columns, of a `ramp`.
MOST_ROWS = 2**20


def ramp(H: int, W: int, a: float = 10.0, b: float = 1.0, c: float = 0.0) -> NDArray[np.float64]:
    """The map ``f(y, x) = a * y + b * x + c``, shape ``(H, W)``, float64: bilinear sampling is exact on it.

    `a` is the step from row to row, `b` from column to column, `c` the value of cell (0, 0).

    Raises
    ------
    TypeError, ValueError
        H or W no whole number from 0 to 2**20; a, b or c no real number; a value beyond float64; a map of
        more than 1 TiB.
    MemoryError
        A map for which there is no room.

    Examples
    --------
    >>> ramp(2, 3).tolist()
    [[0.0, 1.0, 2.0], [10.0, 11.0, 12.0]]
    """
    rows = _validate.whole_number("H", H, 0, MOST_ROWS)
    columns = _validate.whole_number("W", W, 0, MOST_ROWS)
    steps = [_float(name, value) for name, value in (("a", a), ("b", b), ("c", c))]
    values = _arrays.room("the map", (rows, columns), np.float64)
    with np.errstate(all="ignore"):
        np.add(steps[0] * np.arange(rows)[:, None], steps[1] * np.arange(columns), out=values)
        values += steps[2]
    if not np.isfinite(values).all():
        raise ValueError(f"a, b and c must keep the map within float64; got {', '.join(map(str, steps))}")
    return values


def _float(name: str, value: object) -> float:
    try:
        number = real(value)
    except OverflowError:
        raise ValueError(f"{name} must be finite; got a number too large for float64") from None
    if number is None:
        raise TypeError(f"{name} must be a real number; got {shown(value)}")
    return number
