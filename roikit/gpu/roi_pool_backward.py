"""Launches the gradient of RoI max pooling: by tiles, by cells, or with atomics."""

from __future__ import annotations

from typing import Any

from roikit.gpu.device import THREADS, Device, Kernel, blocks, strides, value_size
from roikit.gpu.gradients import round_sums, sizes, tiles, zero_sums

#: Cells of a tile (roi_pool_backward_tiles.cu) by the bytes of a value: (rows, columns), and its channels.
TILE_CELLS = {4: (32, 32), 8: (8, 32)}
TILE_CHANNELS = 8
#: Bins of each channel that are copied to shared memory at a time.
STAGED = 128
#: Up to here the tiles' kernel counts bins of a box in int.
MOST_BINS = 2**20


def roi_pool_backward(device: Device, grad: Any, rois: Any, argmax: Any, out: Any) -> None:
    """out[n, c, y, x] = sum of grad[k, c, ph, pw] over the bins that found their maximum at y * W + x."""
    if out.size == 0:
        return
    if grad.size == 0:
        out.fill(0)
        return
    if not device.deterministic:
        _with_atomics(device, grad, rois, argmax, out)
    elif device.plain or grad.shape[2] * grad.shape[3] > MOST_BINS:
        _by_cells(device, grad, rois, argmax, out)
    else:
        _by_tiles(device, grad, rois, argmax, out)


def _by_cells(device: Device, grad: Any, rois: Any, argmax: Any, out: Any) -> None:
    steps = (*strides(grad), *strides(argmax), *strides(out))
    arguments = (grad, rois, argmax, out, *steps, *sizes(grad, out), device.fault)
    kernel = _kernel("roi_pool_backward", "roi_pool_backward_plain", grad, rois, argmax)
    device.launch(kernel, (blocks(out.size), 1, 1), (THREADS, 1, 1), arguments)


def _by_tiles(device: Device, grad: Any, rois: Any, argmax: Any, out: Any) -> None:
    """First which cells each box's argmax reaches, then the tiles."""
    file, shape = "roi_pool_backward_tiles", sizes(grad, out)
    K = int(grad.shape[0])
    reach = device.empty((5, K), "int32")
    arguments = (rois, argmax, reach, *strides(argmax), *shape, device.fault)
    reaching = _kernel(file, "roi_pool_backward_reach", grad, rois, argmax)
    device.launch(reaching, (K, 1, 1), (THREADS, 1, 1), arguments)

    size = value_size(grad)
    rows, columns = TILE_CELLS[size]
    shared_memory = TILE_CHANNELS * (rows * columns * size + STAGED * (4 + size))
    steps = (*strides(grad), *strides(argmax), *strides(out))
    gathering = _kernel(file, "roi_pool_backward_tiles", grad, rois, argmax)
    grid = (tiles(out, (rows, columns, TILE_CHANNELS)), 1, 1)
    arguments = (grad, argmax, reach, out, *steps, *shape)
    device.launch(gathering, grid, (THREADS, 1, 1), arguments, shared_memory)


def _with_atomics(device: Device, grad: Any, rois: Any, argmax: Any, out: Any) -> None:
    sums = zero_sums(device, out)
    steps = (*strides(grad), *strides(argmax), *strides(sums))
    arguments = (grad, rois, argmax, sums, *steps, *sizes(grad, out), device.fault)
    kernel = _kernel("roi_pool_backward", "roi_pool_backward_atomic", grad, rois, argmax)
    device.launch(kernel, (blocks(grad.size), 1, 1), (THREADS, 1, 1), arguments)
    round_sums(device, kernel, sums, out)


def _kernel(file: str, name: str, grad: Any, rois: Any, argmax: Any) -> Kernel:
    return Kernel(file, name, grad.dtype.name, rois.dtype.name, argmax.dtype.name)
