"""Launches the gradient of rotation-invariant RoIAlign by the map: by cells, or with atomics."""

from __future__ import annotations

from typing import Any

import numpy as np

from roikit.gpu.device import Device
from roikit.gpu.gradients import arrays_and_sizes, give_back


def riroi_align_rotated_backward(
    device: Device, grad: Any, rois: Any, shifts: Any, out: Any,
    spatial_scale: float, sampling_ratio: tuple[int, int], aligned: bool, num_orientations: int,
) -> None:
    """out[n, c, y, x] = sum of grad[k, o, ph, pw], each times the derivative of its bin by that cell."""
    numbers = (
        np.float64(spatial_scale), *map(np.int32, (*sampling_ratio, aligned, num_orientations)), device.fault
    )
    give_back(
        "riroi_align_rotated_backward", device, (grad.dtype.name,), grad, out,
        lambda into: (*arrays_and_sizes(grad, (rois, shifts), into), *numbers),
    )
