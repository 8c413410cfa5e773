"""Which map of a feature pyramid each box is read from: a large box from a coarse one."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray


def floor_log2(ratio: NDArray[np.float64]) -> Any:
    """e of ratio = m · 2**e with 1 <= m < 2: exact, where a rounded logarithm could miss a whole number."""
    _, exponent = np.frexp(np.clip(ratio, 2.0**-1000, 2.0**1000))  # it counts from 1/2 <= m < 1
    return exponent.astype(np.int64) - 1


def pyramid_levels(
    rois: NDArray[np.float64], out: NDArray[np.int64], levels: NDArray[np.int64],
    canonical_level: int, canonical_size: float, eps: float, eps_of: str,
) -> None:
    """out[k] = index of the last of `levels`, which rise, that is not above the box's; 0 where all are above.

    The box's level is ``floor(canonical_level + log2(sqrt(area) / canonical_size))``, and `eps` is added to
    what is rounded down, or to the ratio.
    """
    x1, y1, x2, y2 = rois[:, 1:].T
    area = np.maximum((x2 - x1) * (y2 - y1), 0.0)
    with np.errstate(over="ignore"):  # the canonical size may be next to 0
        ratio = np.sqrt(area) / canonical_size
    ratio = ratio * 2.0**eps if eps_of == "level" else ratio + eps
    level = canonical_level + floor_log2(ratio)
    out[:] = np.maximum(np.searchsorted(levels, level, side="right") - 1, 0)
