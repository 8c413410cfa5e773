"""Launches precise RoI pooling: a thread an output."""

from __future__ import annotations

from typing import Any

import numpy as np

from roikit.gpu.device import MOST_BLOCKS_X, THREADS, Device, Kernel, blocks, strides


def precise_roi_pool(device: Device, features: Any, rois: Any, out: Any, spatial_scale: float) -> None:
    """out[k, c, ph, pw] = the mean of the bilinear surface of channel c over bin (ph, pw) of rois[k]."""
    if out.size == 0:
        return
    arguments = (
        features, rois, out, *strides(features), *strides(out),
        *map(np.int32, (*features.shape, len(rois), *out.shape[2:])), np.float64(spatial_scale), device.fault,
    )
    kernel = Kernel("precise_roi_pool", "precise_roi_pool_plain", features.dtype.name, rois.dtype.name)
    device.launch(kernel, (min(blocks(out.size), MOST_BLOCKS_X), 1, 1), (THREADS, 1, 1), arguments)
