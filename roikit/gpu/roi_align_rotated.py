"""Launches RoIAlign of rotated boxes."""

from __future__ import annotations

from typing import Any

import numpy as np

from roikit.gpu.device import THREADS, Device, Kernel, blocks, strides

#: Of the kernel's, whose threads each go on until all is done.
MOST_BLOCKS = 2**20


def roi_align_rotated(
    device: Device, features: Any, rois: Any, out: Any,
    spatial_scale: float, sampling_ratio: tuple[int, int], aligned: bool,
) -> None:
    """out[k, c, ph, pw] = the average of channel c at the sample points of bin (ph, pw) of rois[k]."""
    if out.size == 0:
        return
    arguments = (
        features, rois, out, *strides(features), *strides(out),
        *map(np.int32, (*features.shape, len(rois), *out.shape[2:])),
        np.float64(spatial_scale), *map(np.int32, sampling_ratio), np.int32(aligned), device.fault,
    )
    kernel = Kernel("roi_align_rotated", "roi_align_rotated_plain", features.dtype.name)
    device.launch(kernel, (min(blocks(out.size), MOST_BLOCKS), 1, 1), (THREADS, 1, 1), arguments)
