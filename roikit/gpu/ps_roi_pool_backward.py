"""Launches the gradient of position-sensitive pooling by the map: by cells, or with atomics.

Of maxima a thread for each bin finds first where it is.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from roikit.convention import Convention
from roikit.gpu.device import MOST_BLOCKS_X, THREADS, Device, Kernel, blocks, strides
from roikit.gpu.gradients import arrays_and_sizes, give_back, sizes
from roikit.gpu.roi_pool import rules


def ps_roi_pool_backward(
    device: Device, grad: Any, rois: Any, out: Any,
    spatial_scale: float, group_size: tuple[int, int], convention: Convention, mode: str, features: Any,
) -> None:
    """out[n, m, y, x] = sum of grad[k, c, ph, pw], each times the derivative of its bin by that cell."""
    types = grad.dtype.name, rois.dtype.name
    numbers = (*map(np.int32, group_size), np.float64(spatial_scale), *rules(convention), device.fault)
    places = None
    if mode == "max" and grad.size:
        places = device.empty(grad.shape, "int32")
        kernel = Kernel("ps_roi_pool_backward", "ps_roi_pool_maxima", *types)
        arguments = (features, rois, places, *strides(features), *sizes(grad, out), *numbers)
        grid = (min(blocks(grad.size), MOST_BLOCKS_X), 1, 1)
        device.launch(kernel, grid, (THREADS, 1, 1), arguments)
    give_back(
        "ps_roi_pool_backward", device, types, grad, out,
        lambda into: (*arrays_and_sizes(grad, (rois, places), into), *numbers),
    )
