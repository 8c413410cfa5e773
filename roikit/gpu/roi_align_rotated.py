"""RoIAlign of rotated boxes on a device: which kernel, and how many threads of it."""

from __future__ import annotations

from typing import Any

import numpy as np

from roikit.gpu.device import THREADS, Device, Kernel, blocks, is_channels_last, strides

#: Of the kernel's, whose threads each go on until all is done.
MOST_BLOCKS = 2**20
#: Channels that a thread of `roi_align_rotated_fast` averages a bin of.
PLANES = 8
#: Lanes of a warp, side by side along the channels where these are neighbours in memory.
LANES = 32
#: Threads that one multiprocessor runs at a time.
RUNNING_THREADS = 2048


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
        np.float64(spatial_scale), *map(np.int32, sampling_ratio), np.int32(aligned),
    )
    K, C, PH, PW = out.shape
    if device.plain or C == 1 or out.size <= device.processors * RUNNING_THREADS:  # all run at once
        file, name, threads = "roi_align_rotated", "roi_align_rotated_plain", out.size
    else:
        file = name = "roi_align_rotated_fast"
        lanes = min(LANES, 1 << (C - 1).bit_length()) if is_channels_last(features) else 1
        threads = K * PH * PW * blocks(C, lanes * PLANES) * lanes
        arguments += (np.int32(lanes),)
    grid = (min(blocks(threads), MOST_BLOCKS), 1, 1)
    kernel = Kernel(file, name, features.dtype.name)
    device.launch(kernel, grid, (THREADS, 1, 1), (*arguments, device.fault))
