"""The gradient of pasted masks with respect to the masks: each pixel gives back to the cells that it read."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from .paste_masks import part, taps_of_box
from .roi_align_backward import spread


def paste_masks_backward(
    grad: NDArray[Any], boxes: NDArray[np.float64], out: NDArray[Any], padding: int, convention: str
) -> None:
    """out[k, i, j] = sum of grad[k, y, x], each times what cell (i, j) of mask k weighs at that pixel.

    Added up in float64, row after row, and rounded once. What the padding is given is lost.
    """
    h, w = out.shape[1:]
    with np.errstate(all="ignore"):  # what is in grad is the caller's business
        for image, box, mask in zip(grad.astype(np.float64), boxes, out, strict=True):
            rows, columns = taps_of_box(image.shape, box, (h, w), padding, convention)
            total = np.zeros((1, h + 2 * padding, w + 2 * padding))
            for y in np.flatnonzero(rows.inside):
                for x in np.flatnonzero(columns.inside):
                    spread(total, part(rows, y), part(columns, x), image[y, x])
            mask[:] = total[0, padding : padding + h, padding : padding + w]
