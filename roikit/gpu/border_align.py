"""Launches border align: a thread an output."""

from __future__ import annotations

from typing import Any

import numpy as np

from roikit.gpu.device import MOST_BLOCKS_X, THREADS, Device, Kernel, blocks, strides


def border_align(
    device: Device, features: Any, rois: Any, out: Any, argmax: Any, spatial_scale: float, pool_size: int
) -> None:
    """out[k, c, side] = the maximum of channel side * C + c at the points of a side; argmax may be None."""
    if out.size == 0:
        return
    index = "int64" if argmax is None else str(argmax.dtype.name)
    steps = (np.int64(0),) * 3 if argmax is None else strides(argmax)
    N, _, H, W = features.shape
    K, C, _ = out.shape
    arguments = (
        features, rois, out, argmax, *strides(features), *strides(out), *steps,
        *map(np.int32, (N, C, H, W, K)), np.float64(spatial_scale), np.int32(pool_size), device.fault,
    )
    kernel = Kernel("border_align", "border_align_plain", features.dtype.name, rois.dtype.name, index)
    device.launch(kernel, (min(blocks(out.size), MOST_BLOCKS_X), 1, 1), (THREADS, 1, 1), arguments)
