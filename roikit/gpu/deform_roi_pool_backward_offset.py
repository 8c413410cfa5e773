"""Launches the gradient of deformable RoI pooling by the offsets: a warp a bin."""

from __future__ import annotations

from typing import Any

import numpy as np

from roikit.gpu.device import THREADS, Device, Kernel, blocks, strides

LANES = 32


def deform_roi_pool_backward_offset(
    device: Device, grad: Any, features: Any, rois: Any, offset: Any, out: Any,
    spatial_scale: float, sampling_ratio: tuple[int, int], gamma: float,
) -> None:
    """out[k, i, ph, pw] = the gradient of sum(grad[k, c, ph, pw] * bin) by the bin's shift along x, and y."""
    if out.size == 0:
        return
    K, (PH, PW) = len(rois), grad.shape[2:]
    arguments = (
        grad, features, rois, offset, out, *strides(grad), *strides(features),
        *map(np.int32, (*features.shape, K, PH, PW)), np.float64(spatial_scale),
        *map(np.int32, sampling_ratio), np.float64(gamma), device.fault,
    )
    name = "deform_roi_pool_backward_offset"
    kernel = Kernel(name, f"{name}_plain", features.dtype.name, rois.dtype.name)
    device.launch(kernel, (blocks(K * PH * PW * LANES), 1, 1), (THREADS, 1, 1), arguments)
