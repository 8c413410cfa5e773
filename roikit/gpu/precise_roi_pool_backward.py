"""Launches the gradient of precise RoI pooling by the map: by cells, or with atomics."""

from __future__ import annotations

from typing import Any

import numpy as np

from roikit.gpu.device import Device
from roikit.gpu.gradients import arrays_and_sizes, give_back


def precise_roi_pool_backward(device: Device, grad: Any, rois: Any, out: Any, spatial_scale: float) -> None:
    """out[n, c, y, x] = sum of grad[k, c, ph, pw], each times the weight of that cell in its bin."""
    give_back(
        "precise_roi_pool_backward", device, (grad.dtype.name, rois.dtype.name), grad, out,
        lambda into: (*arrays_and_sizes(grad, (rois,), into), np.float64(spatial_scale), device.fault),
    )
