"""Launches the gradient of pasted masks by the masks: by cells, or with atomics."""

from __future__ import annotations

from typing import Any

import numpy as np

from roikit.gpu.device import MOST_BLOCKS_X, THREADS, Device, Kernel, blocks, strides
from roikit.gpu.gradients import round_sums, zero_sums


def paste_masks_backward(
    device: Device, grad: Any, boxes: Any, out: Any, padding: int, convention: str
) -> None:
    """out[k, i, j] = sum of grad[k, y, x], each times what cell (i, j) of mask k weighs at that pixel."""
    if out.size == 0:
        return
    as_maps = out[:, None]  # masks of one channel, (K, 1, h, w)
    into = as_maps if device.deterministic else zero_sums(device, as_maps)
    sizes = (*out.shape[1:], *grad.shape[1:], padding, convention == "torchvision")
    arguments = (
        grad, boxes, into, *strides(grad), *strides(into), np.int64(len(out)), *map(np.int32, sizes),
        device.fault,
    )
    way, threads = ("plain", out.size) if device.deterministic else ("atomic", grad.size)
    kernel = Kernel("paste_masks_backward", f"paste_masks_backward_{way}", grad.dtype.name)
    device.launch(kernel, (min(blocks(threads), MOST_BLOCKS_X), 1, 1), (THREADS, 1, 1), arguments)
    round_sums(device, kernel, into, as_maps)
