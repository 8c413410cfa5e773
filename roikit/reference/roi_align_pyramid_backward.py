"""The gradient of `roi_align_pyramid` with respect to the maps: that of RoIAlign, level by level."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from .roi_align_backward import roi_align_backward


def roi_align_pyramid_backward(
    grad: NDArray[Any], rois: NDArray[np.float64], levels: NDArray[np.int64], out: Sequence[NDArray[Any]],
    spatial_scales: Sequence[float], sampling_ratio: tuple[int, int], aligned: bool,
    mode: str = "avg", features: Sequence[NDArray[Any]] | None = None,
) -> None:
    """out[l] = what the boxes of level l give back to its maps."""
    for level, (maps, scale) in enumerate(zip(out, spatial_scales, strict=True)):
        mine = levels == level
        read = None if features is None else features[level]
        roi_align_backward(grad[mine], rois[mine], maps, scale, sampling_ratio, aligned, mode, read)
