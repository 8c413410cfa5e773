"""Launches rotation-invariant RoIAlign."""

from __future__ import annotations

from typing import Any

import numpy as np

from roikit.gpu.device import THREADS, Device, Kernel, blocks, strides
from roikit.gpu.roi_align_rotated import MOST_BLOCKS


def riroi_align_rotated(
    device: Device, features: Any, rois: Any, shifts: Any, out: Any,
    spatial_scale: float, sampling_ratio: tuple[int, int], aligned: bool, num_orientations: int,
) -> None:
    """out[k] = the bins of `roi_align_rotated`, mixed by shifts[k]: whole orientations, and the rest."""
    if out.size == 0:
        return
    arguments = (
        features, rois, shifts, out, *strides(features), *strides(out),
        *map(np.int32, (*features.shape, len(rois), *out.shape[2:])), np.float64(spatial_scale),
        *map(np.int32, (*sampling_ratio, aligned, num_orientations)), device.fault,
    )
    kernel = Kernel("riroi_align_rotated", "riroi_align_rotated_plain", features.dtype.name)
    device.launch(kernel, (min(blocks(out.size), MOST_BLOCKS), 1, 1), (THREADS, 1, 1), arguments)
