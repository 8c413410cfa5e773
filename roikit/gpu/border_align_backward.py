"""Launches the gradient of border align by the map: by cells, or with atomics."""

from __future__ import annotations

from typing import Any

import numpy as np

from roikit.gpu.device import Device, strides
from roikit.gpu.gradients import give_back


def border_align_backward(
    device: Device, grad: Any, rois: Any, argmax: Any, out: Any, spatial_scale: float, pool_size: int
) -> None:
    """out[n, side * C + c, y, x] = sum of grad[k, c, side], each times that cell's weight at its point."""
    N, _, H, W = out.shape
    K, C, _ = grad.shape
    numbers = (*map(np.int32, (N, C, H, W, K)), np.float64(spatial_scale), np.int32(pool_size), device.fault)
    give_back(
        "border_align_backward", device, (grad.dtype.name, rois.dtype.name, argmax.dtype.name), grad, out,
        lambda into: (
            grad, rois, argmax, into, *strides(grad), *strides(argmax), *strides(into), *numbers
        ),
    )
