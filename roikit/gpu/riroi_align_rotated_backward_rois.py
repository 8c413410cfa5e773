"""Launches the gradient of rotation-invariant RoIAlign by the boxes: a block a box."""

from __future__ import annotations

from typing import Any

import numpy as np

from roikit.gpu.device import THREADS, Device, Kernel, strides


def riroi_align_rotated_backward_rois(
    device: Device, grad: Any, features: Any, rois: Any, shifts: Any, out: Any,
    spatial_scale: float, sampling_ratio: tuple[int, int], aligned: bool, num_orientations: int,
    turn: float, steps: float,
) -> None:
    """out[k] = the gradient of sum(grad[k] * the bins of rois[k]) by its centre, width, height and angle."""
    if out.size == 0:
        return
    K = len(rois)
    arguments = (
        grad, features, rois, shifts, out, *strides(grad), *strides(features),
        *map(np.int32, (*features.shape, K, *grad.shape[2:])), np.float64(spatial_scale),
        *map(np.int32, (*sampling_ratio, aligned, num_orientations)), np.float64(turn), np.float64(steps),
        device.fault,
    )
    name = "riroi_align_rotated_backward_rois"
    kernel = Kernel(name, f"{name}_plain", features.dtype.name)
    device.launch(kernel, (K, 1, 1), (THREADS, 1, 1), arguments)
