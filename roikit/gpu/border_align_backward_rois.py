"""Launches the gradient of border align by the boxes: a block a box."""

from __future__ import annotations

from typing import Any

import numpy as np

from roikit.gpu.device import THREADS, Device, Kernel, strides


def border_align_backward_rois(
    device: Device, grad: Any, features: Any, rois: Any, argmax: Any, out: Any,
    spatial_scale: float, pool_size: int,
) -> None:
    """out[k] = the gradient of sum(grad[k] * the maxima of rois[k]) by its x1, y1, x2, y2."""
    if out.size == 0:
        return
    N, _, H, W = features.shape
    K, C, _ = grad.shape
    arguments = (
        grad, features, rois, argmax, out, *strides(grad), *strides(features), *strides(argmax),
        *map(np.int32, (N, C, H, W, K)), np.float64(spatial_scale), np.int32(pool_size), device.fault,
    )
    name = "border_align_backward_rois"
    kernel = Kernel(name, f"{name}_plain", features.dtype.name, rois.dtype.name, argmax.dtype.name)
    device.launch(kernel, (K, 1, 1), (THREADS, 1, 1), arguments)
