"""The gradient of `roi_align_pyramid` with respect to the boxes, each on the map of its level."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from .roi_align_backward_rois import roi_align_backward_rois


def roi_align_pyramid_backward_rois(
    grad: NDArray[Any], features: Sequence[NDArray[Any]], rois: NDArray[np.float64],
    levels: NDArray[np.int64], out: NDArray[np.float64],
    spatial_scales: Sequence[float], sampling_ratio: tuple[int, int], aligned: bool, mode: str = "avg",
) -> None:
    """out[k] = the gradient of sum(grad[k] * the bins of rois[k]) by its x1, y1, x2, y2."""
    for k, level in enumerate(levels):
        row = slice(k, k + 1)
        sampling = spatial_scales[level], sampling_ratio, aligned, mode
        roi_align_backward_rois(grad[row], features[level], rois[row], out[row], *sampling)
