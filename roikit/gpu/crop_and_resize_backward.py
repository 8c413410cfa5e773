"""Launches the gradient of crop_and_resize by the map: by cells, or with atomics."""

from __future__ import annotations

from typing import Any

import numpy as np

from roikit.gpu.device import Device
from roikit.gpu.gradients import arrays_and_sizes, give_back


def crop_and_resize_backward(
    device: Device, grad: Any, rois: Any, out: Any, method: str, coordinates: str
) -> None:
    """out[n, c, y, x] = sum of grad[k, c, ph, pw], each times what the cell weighs at that point."""
    numbers = (np.int32(method == "bilinear"), np.int32(coordinates == "cells"), device.fault)
    give_back(
        "crop_and_resize_backward", device, (grad.dtype.name, rois.dtype.name), grad, out,
        lambda into: (*arrays_and_sizes(grad, (rois,), into), *numbers),
    )
