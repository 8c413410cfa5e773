"""What the launchers of gradients by the map share."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import numpy as np

from roikit.gpu.device import MOST_BLOCKS_X, THREADS, Device, Kernel, blocks, strides


def sizes(grad: Any, out: Any) -> tuple[np.int32, ...]:
    """N, C, H, W, K, PH, PW."""
    return tuple(map(np.int32, (*out.shape, grad.shape[0], *grad.shape[2:])))


def tiles(out: Any, tile: tuple[int, int, int]) -> int:
    """How many tiles of so many rows, columns and channels it takes."""
    N, C, H, W = out.shape
    rows, columns, channels = tile
    return int(N) * blocks(C, channels) * blocks(H, rows) * blocks(W, columns)


def zero_sums(device: Device, out: Any) -> Any:
    """What atomics add to: the output itself or, since halves have no atomics, float32 in its layout."""
    if out.itemsize >= 4:
        out.fill(0)
        return out
    N, C, H, W = out.shape
    if out.strides[1] == out.itemsize:
        return device.zeros((N, H, W, C), "float32").transpose(0, 3, 1, 2)
    return device.zeros((N, C, H, W), "float32")


def round_sums(device: Device, kernel: Kernel, sums: Any, out: Any) -> None:
    """Write sums to the output, where they are not there already."""
    if sums is out:
        return
    shape = tuple(map(np.int32, out.shape))
    arguments = (sums, out, *strides(sums), *strides(out), *shape)
    device.launch(replace(kernel, name="round_sums"), (blocks(out.size), 1, 1), (THREADS, 1, 1), arguments)


def give_back(
    name: str, device: Device, types: tuple[str, ...], grad: Any, out: Any,
    arguments: Callable[[Any], tuple[Any, ...]],
) -> None:
    """Launch ``NAME_plain``, a thread a cell, or where order does not matter ``NAME_atomic``, a thread a bin.

    `arguments` gives those of either, which adds up in the array that it is given.
    """
    if out.size == 0:
        return
    if grad.size == 0:
        out.fill(0)
        return
    into = out if device.deterministic else zero_sums(device, out)
    way, count = ("plain", out.size) if device.deterministic else ("atomic", grad.size)
    kernel = Kernel(name, f"{name}_{way}", *types)
    grid = (min(blocks(count), MOST_BLOCKS_X), 1, 1)
    device.launch(kernel, grid, (THREADS, 1, 1), arguments(into))
    round_sums(device, kernel, into, out)


def arrays_and_sizes(grad: Any, inputs: tuple[Any, ...], into: Any) -> tuple[Any, ...]:
    """How the arguments of most of these kernels begin."""
    return (grad, *inputs, into, *strides(grad), *strides(into), *sizes(grad, into))
