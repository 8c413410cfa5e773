"""Launches position-sensitive RoI pooling: a thread for each element of the output."""

from __future__ import annotations

from typing import Any

import numpy as np

from roikit.convention import Convention
from roikit.gpu.device import MOST_BLOCKS_X, THREADS, Device, Kernel, blocks, strides
from roikit.gpu.roi_pool import rules


def ps_roi_pool(
    device: Device, features: Any, rois: Any, out: Any,
    spatial_scale: float, group_size: tuple[int, int], convention: Convention, mode: str,
) -> None:
    """out[k, c, ph, pw] = average or maximum over bin (ph, pw) of rois[k] of that bin's own channel for c."""
    if out.size == 0:
        return
    N, _, H, W = features.shape
    K, C, PH, PW = out.shape
    arguments = (
        features, rois, out, *strides(features), *strides(out),
        *map(np.int32, (N, C, H, W, K, PH, PW, *group_size)),
        np.float64(spatial_scale), *rules(convention), np.int32(mode == "max"), device.fault,
    )
    kernel = Kernel("ps_roi_pool", "ps_roi_pool_plain", features.dtype.name, rois.dtype.name)
    device.launch(kernel, (min(blocks(out.size), MOST_BLOCKS_X), 1, 1), (THREADS, 1, 1), arguments)
