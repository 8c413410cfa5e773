"""The gradient of border align by the boxes, by several threads."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from roikit.cpu._border_align_backward_rois import border_align_backward_rois as plain
from roikit.cpu.fast.rows import by_rows


def border_align_backward_rois(
    grad: NDArray[Any], features: NDArray[Any], rois: NDArray[np.float64], argmax: NDArray[Any],
    out: NDArray[np.float64], spatial_scale: float, pool_size: int, num_threads: int = 1,
) -> None:
    """out[k] = the gradient of sum(grad[k] * the maxima of rois[k]) by its x1, y1, x2, y2."""
    by_rows(
        plain, grad, features, rois, argmax, out, spatial_scale, pool_size,
        rows=(0, 2, 3, 4), out=(4,), num_threads=num_threads,
    )
