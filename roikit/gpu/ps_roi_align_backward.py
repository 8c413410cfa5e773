"""Launches the gradient of position-sensitive RoIAlign: by cells, or with atomics."""

from __future__ import annotations

from typing import Any

import numpy as np

from roikit.gpu import maxima
from roikit.gpu.device import Device
from roikit.gpu.gradients import arrays_and_sizes, give_back


def ps_roi_align_backward(
    device: Device, grad: Any, rois: Any, out: Any,
    spatial_scale: float, sampling_ratio: tuple[int, int], group_size: tuple[int, int], aligned: bool,
    mode: str = "avg", features: Any = None, empty_value: float = 0.0,
) -> None:
    """out[n, m, y, x] = sum of grad[k, c, ph, pw], each times the derivative of its bin by that cell."""
    if mode != "avg":
        how = spatial_scale, sampling_ratio, group_size, aligned, mode, features, empty_value
        maxima.by_map(device, grad, rois, out, *how)
        return
    numbers = (
        *map(np.int32, group_size), np.float64(spatial_scale), *map(np.int32, sampling_ratio),
        np.int32(aligned), device.fault,
    )
    give_back(
        "ps_roi_align_backward", device, (grad.dtype.name, rois.dtype.name), grad, out,
        lambda into: (*arrays_and_sizes(grad, (rois,), into), *numbers),
    )
