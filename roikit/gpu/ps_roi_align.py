"""Launches position-sensitive RoIAlign: a thread for each element of the output."""

from __future__ import annotations

from typing import Any

import numpy as np

from roikit.gpu.device import MOST_BLOCKS_X, THREADS, Device, Kernel, blocks, strides
from roikit.gpu.maxima import MODES


def ps_roi_align(
    device: Device, features: Any, rois: Any, out: Any,
    spatial_scale: float, sampling_ratio: tuple[int, int], group_size: tuple[int, int], aligned: bool,
    mode: str = "avg", empty_value: float = 0.0,
) -> None:
    """out[k, c, ph, pw] = maximum or average of the samples of bin (ph, pw) of rois[k], on its channels."""
    if out.size == 0:
        return
    N, _, H, W = features.shape
    K, C, PH, PW = out.shape
    arguments = (
        features, rois, out, *strides(features), *strides(out),
        *map(np.int32, (N, C, H, W, K, PH, PW, *group_size)),
        np.float64(spatial_scale), *map(np.int32, (*sampling_ratio, aligned, MODES.index(mode))),
        np.float64(empty_value), device.fault,
    )
    kernel = Kernel("ps_roi_align", "ps_roi_align_plain", features.dtype.name, rois.dtype.name)
    device.launch(kernel, (min(blocks(out.size), MOST_BLOCKS_X), 1, 1), (THREADS, 1, 1), arguments)
