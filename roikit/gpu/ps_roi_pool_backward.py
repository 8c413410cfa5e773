"""Launches the gradients of position-sensitive pooling and sampling by the map: by cells, or with atomics."""

from __future__ import annotations

from typing import Any

import numpy as np

from roikit.convention import Convention
from roikit.gpu.device import MOST_BLOCKS_X, THREADS, Device, Kernel, blocks, strides
from roikit.gpu.gradients import round_sums, sizes, zero_sums
from roikit.gpu.roi_pool import rules


def ps_roi_pool_backward(
    device: Device, grad: Any, rois: Any, out: Any,
    spatial_scale: float, group_size: tuple[int, int], convention: Convention,
) -> None:
    """out[n, m, y, x] = sum of grad[k, c, ph, pw], each times the derivative of its bin by that cell."""
    numbers = (*map(np.int32, group_size), np.float64(spatial_scale), *rules(convention), device.fault)
    give_back("ps_roi_pool_backward", device, grad, rois, out, numbers)


def give_back(name: str, device: Device, grad: Any, rois: Any, out: Any, numbers: tuple[Any, ...]) -> None:
    """Launch ``NAME_plain`` or, if the order does not matter, ``NAME_atomic``."""
    if out.size == 0:
        return
    if grad.size == 0:
        out.fill(0)
        return
    types = (grad.dtype.name, rois.dtype.name)
    if device.deterministic:
        _launch(device, Kernel(name, f"{name}_plain", *types), grad, rois, out, out.size, numbers)
        return
    sums = zero_sums(device, out)
    kernel = Kernel(name, f"{name}_atomic", *types)
    _launch(device, kernel, grad, rois, sums, grad.size, numbers)
    round_sums(device, kernel, sums, out)


def _launch(
    device: Device, kernel: Kernel, grad: Any, rois: Any, out: Any, count: int, numbers: tuple[Any, ...]
) -> None:
    """A thread for each of so many."""
    arguments = (grad, rois, out, *strides(grad), *strides(out), *sizes(grad, out), *numbers)
    device.launch(kernel, (min(blocks(count), MOST_BLOCKS_X), 1, 1), (THREADS, 1, 1), arguments)
