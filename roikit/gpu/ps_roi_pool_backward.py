"""Launches the gradient of position-sensitive pooling by the map: by cells, or with atomics."""

from __future__ import annotations

from typing import Any

import numpy as np

from roikit.convention import Convention
from roikit.gpu.device import Device
from roikit.gpu.gradients import arrays_and_sizes, give_back
from roikit.gpu.roi_pool import rules


def ps_roi_pool_backward(
    device: Device, grad: Any, rois: Any, out: Any,
    spatial_scale: float, group_size: tuple[int, int], convention: Convention,
) -> None:
    """out[n, m, y, x] = sum of grad[k, c, ph, pw], each times the derivative of its bin by that cell."""
    numbers = (*map(np.int32, group_size), np.float64(spatial_scale), *rules(convention), device.fault)
    give_back(
        "ps_roi_pool_backward", device, (grad.dtype.name, rois.dtype.name), grad, out,
        lambda into: (*arrays_and_sizes(grad, (rois,), into), *numbers),
    )
