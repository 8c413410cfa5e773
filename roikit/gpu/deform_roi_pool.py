"""Launches deformable RoI pooling."""

from __future__ import annotations

from typing import Any

import numpy as np

from roikit.gpu.device import THREADS, Device, Kernel, blocks, strides

#: Of the kernel's, whose threads each go on until all is done.
MOST_BLOCKS = 2**20


def deform_roi_pool(
    device: Device, features: Any, rois: Any, offset: Any, out: Any,
    spatial_scale: float, sampling_ratio: tuple[int, int], gamma: float,
) -> None:
    """out[k, c, ph, pw] = average of channel c at the shifted sample points of bin (ph, pw) of rois[k]."""
    if out.size == 0:
        return
    arguments = (
        features, rois, offset, out, *strides(features), *strides(out),
        *map(np.int32, (*features.shape, len(rois), *out.shape[2:])),
        np.float64(spatial_scale), *map(np.int32, sampling_ratio), np.float64(gamma), device.fault,
    )
    kernel = Kernel("deform_roi_pool", "deform_roi_pool_plain", features.dtype.name, rois.dtype.name)
    device.launch(kernel, (min(blocks(out.size), MOST_BLOCKS), 1, 1), (THREADS, 1, 1), arguments)
