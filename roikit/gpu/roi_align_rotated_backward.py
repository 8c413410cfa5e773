"""Launches the gradient of RoIAlign of rotated boxes by the map: by cells, or with atomics."""

from __future__ import annotations

from typing import Any

import numpy as np

from roikit.gpu.device import THREADS, Device, Kernel, blocks, strides
from roikit.gpu.gradients import round_sums, sizes, zero_sums


def roi_align_rotated_backward(
    device: Device, grad: Any, rois: Any, out: Any,
    spatial_scale: float, sampling_ratio: tuple[int, int], aligned: bool,
) -> None:
    """out[n, c, y, x] = sum of grad[k, c, ph, pw], each times the derivative of its bin by that cell."""
    if out.size == 0:
        return
    if grad.size == 0:
        out.fill(0)
        return
    name = "roi_align_rotated_backward"
    numbers = (
        np.float64(spatial_scale), *map(np.int32, sampling_ratio), np.int32(aligned), device.fault
    )
    if device.deterministic:
        kernel = Kernel(name, f"{name}_plain", grad.dtype.name)
        arguments = (grad, rois, out, *strides(grad), *strides(out), *sizes(grad, out), *numbers)
        device.launch(kernel, (blocks(out.size), 1, 1), (THREADS, 1, 1), arguments)
        return
    sums = zero_sums(device, out)
    kernel = Kernel(name, f"{name}_atomic", grad.dtype.name)
    arguments = (grad, rois, sums, *strides(grad), *strides(sums), *sizes(grad, out), *numbers)
    device.launch(kernel, (blocks(grad.size), 1, 1), (THREADS, 1, 1), arguments)
    round_sums(device, kernel, sums, out)
