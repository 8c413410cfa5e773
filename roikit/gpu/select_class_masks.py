"""Launches the choice of each RoI's own mask: a thread a cell."""

from __future__ import annotations

from typing import Any

import numpy as np

from roikit.gpu.device import MOST_BLOCKS_X, THREADS, Device, Kernel, blocks, strides


def select_class_masks(device: Device, masks: Any, labels: Any, out: Any) -> None:
    """out[k] = masks[k, labels[k]]."""
    if out.size == 0:
        return
    K, *sizes = masks.shape
    arguments = (
        masks, labels, out, *strides(masks), *strides(out), np.int64(K), *map(np.int32, sizes)
    )
    kernel = Kernel("select_class_masks", "select_class_masks_plain", masks.dtype.name)
    device.launch(kernel, (min(blocks(out.size), MOST_BLOCKS_X), 1, 1), (THREADS, 1, 1), arguments)
