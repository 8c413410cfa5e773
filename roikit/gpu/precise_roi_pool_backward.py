"""Launches the gradient of precise RoI pooling by the map: by cells, or with atomics."""

from __future__ import annotations

from typing import Any

import numpy as np

from roikit.gpu.device import THREADS, Device, Kernel, blocks, strides
from roikit.gpu.gradients import round_sums, sizes, zero_sums


def precise_roi_pool_backward(device: Device, grad: Any, rois: Any, out: Any, spatial_scale: float) -> None:
    """out[n, c, y, x] = sum of grad[k, c, ph, pw], each times the weight of that cell in its bin."""
    if out.size == 0:
        return
    if grad.size == 0:
        out.fill(0)
        return
    name = "precise_roi_pool_backward"
    way = "plain" if device.deterministic else "atomic"
    kernel = Kernel(name, f"{name}_{way}", grad.dtype.name, rois.dtype.name)
    into = out if device.deterministic else zero_sums(device, out)
    arguments = (
        grad, rois, into, *strides(grad), *strides(into), *sizes(grad, out), np.float64(spatial_scale),
        device.fault,
    )
    threads = out.size if device.deterministic else grad.size
    device.launch(kernel, (blocks(threads), 1, 1), (THREADS, 1, 1), arguments)
    if not device.deterministic:
        round_sums(device, kernel, into, out)
