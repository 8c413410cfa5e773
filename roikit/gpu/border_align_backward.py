"""Launches the gradient of border align by the map: by cells, or with atomics."""

from __future__ import annotations

from typing import Any

import numpy as np

from roikit.gpu.device import THREADS, Device, Kernel, blocks, strides
from roikit.gpu.gradients import round_sums, zero_sums


def border_align_backward(
    device: Device, grad: Any, rois: Any, argmax: Any, out: Any, spatial_scale: float, pool_size: int
) -> None:
    """out[n, side * C + c, y, x] = sum of grad[k, c, side], each times that cell's weight at its point."""
    if out.size == 0:
        return
    if grad.size == 0:
        out.fill(0)
        return
    name = "border_align_backward"
    way = "plain" if device.deterministic else "atomic"
    kernel = Kernel(name, f"{name}_{way}", grad.dtype.name, rois.dtype.name, argmax.dtype.name)
    into = out if device.deterministic else zero_sums(device, out)
    N, _, H, W = out.shape
    K, C, _ = grad.shape
    arguments = (
        grad, rois, argmax, into, *strides(grad), *strides(argmax), *strides(into),
        *map(np.int32, (N, C, H, W, K)), np.float64(spatial_scale), np.int32(pool_size), device.fault,
    )
    threads = out.size if device.deterministic else grad.size
    device.launch(kernel, (blocks(threads), 1, 1), (THREADS, 1, 1), arguments)
    if not device.deterministic:
        round_sums(device, kernel, into, out)
