"""Launches the pasting of masks: a thread a pixel."""

from __future__ import annotations

from typing import Any

import numpy as np

from roikit.gpu.device import MOST_BLOCKS_X, THREADS, Device, Kernel, blocks, strides


def paste_masks(
    device: Device, masks: Any, boxes: Any, out: Any, padding: int, convention: str
) -> None:
    """out[k, y, x] = mask k, stretched over its box, at pixel (y, x); 0 outside."""
    if out.size == 0:
        return
    sizes = (*masks.shape[1:], *out.shape[1:], padding, convention == "torchvision")
    arguments = (
        masks, boxes, out, *strides(masks), *strides(out), np.int64(len(masks)), *map(np.int32, sizes),
        device.fault,
    )
    kernel = Kernel("paste_masks", "paste_masks_plain", masks.dtype.name)
    device.launch(kernel, (min(blocks(out.size), MOST_BLOCKS_X), 1, 1), (THREADS, 1, 1), arguments)
