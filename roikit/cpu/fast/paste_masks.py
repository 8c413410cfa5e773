"""Masks pasted into an image, by several threads."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from roikit.cpu._paste_masks import paste_masks as plain
from roikit.cpu.fast.rows import by_rows


def paste_masks(
    masks: NDArray[Any], boxes: NDArray[np.float64], out: NDArray[Any], padding: int, convention: str,
    num_threads: int = 1,
) -> None:
    """out[k, y, x] = mask k, stretched over its box, at pixel (y, x); 0 outside."""
    by_rows(
        plain, masks, boxes, out, padding, convention,
        rows=(2, 0, 1), out=(2,), num_threads=num_threads,
    )
