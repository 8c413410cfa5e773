"""Launches the gradient of RoIAlign: by tiles, by cells, or with atomics."""

from __future__ import annotations

from typing import Any

import numpy as np

from roikit.gpu import maxima
from roikit.gpu.device import THREADS, Device, Kernel, blocks, strides, value_size
from roikit.gpu.gradients import round_sums, sizes, tiles, zero_sums

#: Rows, columns and channels of a tile (roi_align_backward_tiles.cu).
TILE = (8, 16, 32)
#: Weights of a bin, with a gap.
WEIGHTS = 20
#: Bytes of shared memory to walk through several boxes at a time: few barriers, and room for other blocks.
ROOM = 32 * 1024
MOST_BOXES = 8
#: What a block takes beside that, for its list of boxes.
LIST = 5 * 1024


def roi_align_backward(
    device: Device, grad: Any, rois: Any, out: Any,
    spatial_scale: float, sampling_ratio: tuple[int, int], aligned: bool,
    mode: str = "avg", features: Any = None, empty_value: float = 0.0,
) -> None:
    """out[n, c, y, x] = sum of grad[k, c, ph, pw], each times the derivative of its bin by that cell."""
    if mode != "avg":
        how = spatial_scale, sampling_ratio, (1, 1), aligned, mode, features, empty_value
        maxima.by_map(device, grad, rois, out, *how)
        return
    if out.size == 0:
        return
    if grad.size == 0:
        out.fill(0)
        return
    numbers = (
        np.float64(spatial_scale), np.int32(sampling_ratio[0]), np.int32(sampling_ratio[1]), np.int32(aligned)
    )
    if not device.deterministic:
        _with_atomics(device, grad, rois, out, numbers)
    elif device.plain or _shared_memory(grad, out, 1, staged=False) > device.shared_memory - LIST:
        _by_cells(device, grad, rois, out, numbers)
    else:
        _by_tiles(device, grad, rois, out, numbers)


def _by_cells(device: Device, grad: Any, rois: Any, out: Any, numbers: tuple[Any, ...]) -> None:
    kernel = Kernel("roi_align_backward", "roi_align_backward_plain", grad.dtype.name, rois.dtype.name)
    arguments = (grad, rois, out, *strides(grad), *strides(out), *sizes(grad, out), *numbers, device.fault)
    device.launch(kernel, (blocks(out.size), 1, 1), (THREADS, 1, 1), arguments)


def _by_tiles(device: Device, grad: Any, rois: Any, out: Any, numbers: tuple[Any, ...]) -> None:
    """First which cells each box reaches, then the tiles."""
    file, types = "roi_align_backward_tiles", (grad.dtype.name, rois.dtype.name)
    K = int(grad.shape[0])
    reach = device.empty((5, K), "int32")
    arguments = (rois, reach, *sizes(grad, out), *numbers, device.fault)
    reaching = Kernel(file, "roi_align_backward_reach", *types)
    device.launch(reaching, (blocks(K), 1, 1), (THREADS, 1, 1), arguments)

    # Lanes are channels: where these are neighbours in memory, gradients are read from there.
    staged = grad.strides[1] != grad.itemsize
    if _shared_memory(grad, out, 1, staged) > device.shared_memory - LIST:
        staged = False  # slower, but bins may be any number
    boxes = min(max(ROOM // _bytes_of_box(grad, staged), 1), MOST_BOXES)
    walk = (np.int32(boxes), np.int32(staged))
    steps = (*strides(grad), *strides(out))
    arguments = (grad, rois, reach, out, *steps, *sizes(grad, out), *numbers, *walk)
    gathering = Kernel(file, "roi_align_backward_tiles", *types)
    shared_memory = _shared_memory(grad, out, boxes, staged)
    device.launch(gathering, (tiles(out, TILE), 1, 1), (THREADS, 1, 1), arguments, shared_memory)


def _bytes_of_box(grad: Any, staged: bool) -> int:
    """Weights and taps of each bin's row or column, and the gradients of all channels."""
    channels = TILE[2]
    PH, PW = grad.shape[2:]
    size = value_size(grad)
    return int((PH + PW) * (WEIGHTS * size + 4) + (channels * (PH * PW | 1) * size if staged else 0))


def _shared_memory(grad: Any, out: Any, boxes: int, staged: bool) -> int:
    """That of so many boxes, or, at the end, of a tile that is turned."""
    rows, columns, channels = TILE
    turned = 0 if out.strides[1] == out.itemsize else rows * (columns + 1) * channels * value_size(out)
    return max(boxes * _bytes_of_box(grad, staged), turned)


def _with_atomics(device: Device, grad: Any, rois: Any, out: Any, numbers: tuple[Any, ...]) -> None:
    sums = zero_sums(device, out)
    kernel = Kernel("roi_align_backward", "roi_align_backward_atomic", grad.dtype.name, rois.dtype.name)
    arguments = (grad, rois, sums, *strides(grad), *strides(sums), *sizes(grad, out), *numbers, device.fault)
    device.launch(kernel, (blocks(grad.size), 1, 1), (THREADS, 1, 1), arguments)
    round_sums(device, kernel, sums, out)
