"""Launches the gradient of crop_and_resize by the map: by cells, or with atomics."""

from __future__ import annotations

from typing import Any

import numpy as np

from roikit.gpu.device import MOST_BLOCKS_X, THREADS, Device, Kernel, blocks, strides
from roikit.gpu.gradients import round_sums, sizes, zero_sums


def crop_and_resize_backward(
    device: Device, grad: Any, rois: Any, out: Any, method: str, coordinates: str
) -> None:
    """out[n, c, y, x] = sum of grad[k, c, ph, pw], each times what the cell weighs at that point."""
    if out.size == 0:
        return
    if grad.size == 0:
        out.fill(0)
        return
    into = out if device.deterministic else zero_sums(device, out)
    arguments = (
        grad, rois, into, *strides(grad), *strides(into), *sizes(grad, out),
        np.int32(method == "bilinear"), np.int32(coordinates == "cells"), device.fault,
    )
    way, threads = ("plain", out.size) if device.deterministic else ("atomic", grad.size)
    name = "crop_and_resize_backward"
    kernel = Kernel(name, f"{name}_{way}", grad.dtype.name, rois.dtype.name)
    device.launch(kernel, (min(blocks(threads), MOST_BLOCKS_X), 1, 1), (THREADS, 1, 1), arguments)
    round_sums(device, kernel, into, out)
