"""Border align, by several threads."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from roikit.cpu._border_align import border_align as plain
from roikit.cpu.fast.rows import by_rows


def border_align(
    features: NDArray[Any], rois: NDArray[np.float64], out: NDArray[Any], argmax: NDArray[Any] | None,
    spatial_scale: float, pool_size: int, num_threads: int = 1,
) -> None:
    """out[k, c, side] = the maximum of channel side * C + c at the points of a side; argmax may be None."""
    by_rows(
        plain, features, rois, out, argmax, spatial_scale, pool_size,
        rows=(2, 1, 3), out=(2, 3), num_threads=num_threads,
    )
