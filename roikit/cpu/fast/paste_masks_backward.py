"""The gradient of pasted masks by the masks, by several threads."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from roikit.cpu._paste_masks_backward import paste_masks_backward as plain
from roikit.cpu.fast.rows import by_rows


def paste_masks_backward(
    grad: NDArray[Any], boxes: NDArray[np.float64], out: NDArray[Any], padding: int, convention: str,
    num_threads: int = 1,
) -> None:
    """out[k, i, j] = sum of grad[k, y, x], each times what cell (i, j) of mask k weighs at that pixel."""
    by_rows(
        plain, grad, boxes, out, padding, convention,
        rows=(0, 1, 2), out=(2,), num_threads=num_threads,
    )
