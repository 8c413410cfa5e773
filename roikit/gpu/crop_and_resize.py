"""Launches crop_and_resize: a thread a point and channel."""

from __future__ import annotations

from typing import Any

import numpy as np

from roikit.gpu.device import MOST_BLOCKS_X, THREADS, Device, Kernel, blocks, strides


def crop_and_resize(
    device: Device, features: Any, rois: Any, out: Any,
    extrapolation_value: float, method: str, coordinates: str,
) -> None:
    """out[k, c, ph, pw] = channel c at point (ph, pw) of the grid of rois[k]."""
    if out.size == 0:
        return
    arguments = (
        features, rois, out, *strides(features), *strides(out),
        *map(np.int32, (*features.shape, len(rois), *out.shape[2:])), np.float64(extrapolation_value),
        np.int32(method == "bilinear"), np.int32(coordinates == "cells"), device.fault,
    )
    kernel = Kernel("crop_and_resize", "crop_and_resize_plain", features.dtype.name, rois.dtype.name)
    device.launch(kernel, (min(blocks(out.size), MOST_BLOCKS_X), 1, 1), (THREADS, 1, 1), arguments)
