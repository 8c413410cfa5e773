"""Launches the gradient of RoIAlign of rotated boxes by the map: by tiles, by cells, or with atomics."""

from __future__ import annotations

from typing import Any

import numpy as np

from roikit.gpu.device import THREADS, Device, Kernel, blocks, strides
from roikit.gpu.gradients import arrays_and_sizes, give_back, sizes, tiles

#: Rows, columns and channels of a tile (roi_align_rotated_backward_tiles.cu).
TILE = (8, 16, 32)


def roi_align_rotated_backward(
    device: Device, grad: Any, rois: Any, out: Any,
    spatial_scale: float, sampling_ratio: tuple[int, int], aligned: bool,
) -> None:
    """out[n, c, y, x] = sum of grad[k, c, ph, pw], each times the derivative of its bin by that cell."""
    numbers = np.float64(spatial_scale), *map(np.int32, sampling_ratio), np.int32(aligned)
    if device.deterministic and not device.plain and grad.size and out.size:
        _by_tiles(device, grad, rois, out, numbers)
        return
    give_back(
        "roi_align_rotated_backward", device, (grad.dtype.name,), grad, out,
        lambda into: (*arrays_and_sizes(grad, (rois,), into), *numbers, device.fault),
    )


def _by_tiles(device: Device, grad: Any, rois: Any, out: Any, numbers: tuple[Any, ...]) -> None:
    """First which cells each box may reach, then the tiles."""
    file, dtype, K = "roi_align_rotated_backward_tiles", grad.dtype.name, int(grad.shape[0])
    reach = device.empty((5, K), "int32")
    arguments = (rois, reach, *sizes(grad, out), *numbers, device.fault)
    reaching = Kernel(file, "roi_align_rotated_backward_reach", dtype)
    device.launch(reaching, (blocks(K), 1, 1), (THREADS, 1, 1), arguments)
    arguments = (grad, rois, reach, out, *strides(grad), *strides(out), *sizes(grad, out), *numbers)
    device.launch(Kernel(file, file, dtype), (tiles(out, TILE), 1, 1), (THREADS, 1, 1), arguments)
