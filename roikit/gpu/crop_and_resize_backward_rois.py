"""Launches the gradient of crop_and_resize by the boxes: a block a box."""

from __future__ import annotations

from typing import Any

import numpy as np

from roikit.gpu.device import THREADS, Device, Kernel, strides


def crop_and_resize_backward_rois(
    device: Device, grad: Any, features: Any, rois: Any, out: Any, coordinates: str
) -> None:
    """out[k] = the gradient of sum(grad[k] * the crop of rois[k]) by its x1, y1, x2, y2."""
    if out.size == 0:
        return
    K = len(rois)
    arguments = (
        grad, features, rois, out, *strides(grad), *strides(features),
        *map(np.int32, (*features.shape, K, *grad.shape[2:])), np.int32(coordinates == "cells"), device.fault,
    )
    name = "crop_and_resize_backward_rois"
    kernel = Kernel(name, f"{name}_plain", features.dtype.name, rois.dtype.name)
    device.launch(kernel, (K, 1, 1), (THREADS, 1, 1), arguments)
