"""Launches the gradient of position-sensitive RoIAlign by the boxes: a block a box."""

from __future__ import annotations

from typing import Any

import numpy as np

from roikit.gpu import maxima
from roikit.gpu.device import THREADS, Device, Kernel, strides


def ps_roi_align_backward_rois(
    device: Device, grad: Any, features: Any, rois: Any, out: Any,
    spatial_scale: float, sampling_ratio: tuple[int, int], group_size: tuple[int, int], aligned: bool,
    mode: str = "avg", empty_value: float = 0.0,
) -> None:
    """out[k] = the gradient of sum(grad[k] * the bins of rois[k]) by its x1, y1, x2, y2."""
    if out.size == 0:
        return
    if grad.size == 0:
        out.fill(0)
        return
    if mode != "avg":
        how = spatial_scale, sampling_ratio, group_size, aligned, mode, empty_value
        maxima.by_boxes(device, grad, features, rois, out, *how)
        return
    N, _, H, W = features.shape
    K, C, PH, PW = grad.shape
    arguments = (
        grad, features, rois, out, *strides(grad), *strides(features),
        *map(np.int32, (N, C, H, W, K, PH, PW, *group_size)),
        np.float64(spatial_scale), *map(np.int32, sampling_ratio), np.int32(aligned), device.fault,
    )
    name = "ps_roi_align_backward_rois"
    kernel = Kernel(name, f"{name}_plain", features.dtype.name, rois.dtype.name)
    device.launch(kernel, (K, 1, 1), (THREADS, 1, 1), arguments)
