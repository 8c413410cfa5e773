"""Launches the gradient of `select_class_masks`: a thread a cell of every class's mask."""

from __future__ import annotations

from typing import Any

import numpy as np

from roikit.gpu.device import MOST_BLOCKS_X, THREADS, Device, Kernel, blocks, strides


def select_class_masks_backward(device: Device, grad: Any, labels: Any, out: Any) -> None:
    """out[k, labels[k]] = grad[k], and 0 elsewhere."""
    if out.size == 0:
        return
    K, *sizes = out.shape
    arguments = (
        grad, labels, out, *strides(grad), *strides(out), np.int64(K), *map(np.int32, sizes)
    )
    kernel = Kernel("select_class_masks_backward", "select_class_masks_backward_plain", grad.dtype.name)
    device.launch(kernel, (min(blocks(out.size), MOST_BLOCKS_X), 1, 1), (THREADS, 1, 1), arguments)
