"""Launches the gradients of maxima of samples, of RoIAlign and of its position-sensitive kin."""

from __future__ import annotations

from typing import Any

import numpy as np

from roikit.gpu.device import MOST_BLOCKS_X, THREADS, Device, Kernel, blocks, strides
from roikit.gpu.gradients import give_back, sizes

#: What kernels call the modes: their places here.
MODES = ("max", "avg", "max_corners")


def by_map(
    device: Device, grad: Any, rois: Any, out: Any,
    spatial_scale: float, sampling_ratio: tuple[int, int], group_size: tuple[int, int], aligned: bool,
    mode: str, features: Any, empty_value: float,
) -> None:
    """out[n, m, y, x] = sum of grad[k, c, ph, pw], each times the derivative of its bin by that cell."""
    types = grad.dtype.name, rois.dtype.name
    numbers = (
        *sizes(grad, out), *map(np.int32, group_size), np.float64(spatial_scale),
        *map(np.int32, (*sampling_ratio, aligned, MODES.index(mode))), np.float64(empty_value), device.fault,
    )
    places = None
    if device.deterministic and grad.size and out.size:
        places = device.empty(grad.shape, "int32")
        grid = (min(blocks(grad.size), MOST_BLOCKS_X), 1, 1)
        arguments = (features, rois, places, *strides(features), *numbers)
        device.launch(Kernel("maxima_backward", "maxima_places", *types), grid, (THREADS, 1, 1), arguments)
    give_back(
        "maxima_backward", device, types, grad, out,
        lambda into: (
            grad, features, rois, places, into, *strides(grad), *strides(features), *strides(into), *numbers
        ),
    )


def by_boxes(
    device: Device, grad: Any, features: Any, rois: Any, out: Any,
    spatial_scale: float, sampling_ratio: tuple[int, int], group_size: tuple[int, int], aligned: bool,
    mode: str, empty_value: float,
) -> None:
    """out[k] = the gradient of sum(grad[k] * the bins of rois[k]) by its x1, y1, x2, y2."""
    if out.size == 0:
        return
    N, _, H, W = features.shape
    K, C, PH, PW = grad.shape
    arguments = (
        grad, features, rois, out, *strides(grad), *strides(features),
        *map(np.int32, (N, C, H, W, K, PH, PW, *group_size)), np.float64(spatial_scale),
        *map(np.int32, (*sampling_ratio, aligned, MODES.index(mode))), np.float64(empty_value), device.fault,
    )
    types = features.dtype.name, rois.dtype.name
    kernel = Kernel("maxima_backward_rois", "maxima_backward_rois_plain", *types)
    device.launch(kernel, (K, 1, 1), (THREADS, 1, 1), arguments)
