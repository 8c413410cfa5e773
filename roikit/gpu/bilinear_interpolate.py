"""Reading maps between their cells on a device: which kernel, and how many threads of it."""

from __future__ import annotations

from typing import Any

import numpy as np

from roikit.gpu.device import MOST_BLOCKS_X, THREADS, Device, Kernel, blocks, is_channels_last, strides

#: Planes that a thread of `bilinear_interpolate_fast` reads at one point.
PLANES = 8
#: Lanes of a warp, side by side along the channels where these are neighbours in memory.
LANES = 32


def bilinear_interpolate(device: Device, planes: Any, y: Any, x: Any, out: Any) -> None:
    """out[n, m, p] = the value of planes[n, m] at (y[p], x[p])."""
    if not out.size:
        return
    N, M, P = out.shape
    H, W = planes.shape[2:]
    arguments = (
        planes, y, x, out, *strides(planes), *strides(out), *map(np.int32, (N, M, H, W)), np.int64(P)
    )
    if device.plain or M == 1:  # no two planes share a point
        name, threads = "bilinear_interpolate_plain", out.size
    else:
        channels_last = is_channels_last(planes)
        lanes = LANES if channels_last else 1
        name, threads = "bilinear_interpolate_fast", N * P * blocks(M, lanes * PLANES) * lanes
        arguments += (np.int32(channels_last),)
    kernel = Kernel("bilinear_interpolate", name, planes.dtype.name)
    device.launch(kernel, (min(blocks(threads), MOST_BLOCKS_X), 1, 1), (THREADS, 1, 1), arguments)
