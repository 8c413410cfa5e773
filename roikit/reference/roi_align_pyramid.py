"""RoIAlign on a feature pyramid: each box on the map of its level."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from .roi_align import roi_align


def roi_align_pyramid(
    features: Sequence[NDArray[Any]], rois: NDArray[np.float64], levels: NDArray[np.int64], out: NDArray[Any],
    spatial_scales: Sequence[float], sampling_ratio: tuple[int, int], aligned: bool, mode: str,
) -> None:
    """out[k] = RoIAlign of rois[k] on features[levels[k]]."""
    for k, level in enumerate(levels):
        row = slice(k, k + 1)
        roi_align(features[level], rois[row], out[row], spatial_scales[level], sampling_ratio, aligned, mode)
