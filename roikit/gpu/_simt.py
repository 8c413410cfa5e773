"""The device that is none: the CUDA kernels on the CPU, through `roikit.simt`."""

from __future__ import annotations

import functools
from typing import Any

import numpy as np
from numpy.typing import NDArray

from roikit import simt
from roikit.gpu import source
from roikit.gpu.device import SHARED_MEMORY, Kernel, Size

#: That one launch may take.
SECONDS = 600.0


class SimtDevice:
    """Runs kernels on NumPy arrays that `usable` has made ready."""

    shared_memory = SHARED_MEMORY
    processors = 4
    fault = None

    def __init__(
        self, *, plain: bool = False, deterministic: bool = True, mode: str = "fast", order: str = "forward"
    ) -> None:
        self.plain = plain
        self.deterministic = deterministic
        self.mode = mode
        self.order = order
        #: What the launches of the last call reported.
        self.reports: list[simt.Report] = []

    def empty(self, shape: tuple[int, ...], dtype: str) -> NDArray[Any]:
        return simt.empty(shape, np.dtype(dtype))

    def zeros(self, shape: tuple[int, ...], dtype: str) -> NDArray[Any]:
        return np.zeros(shape, dtype)

    def launch(
        self, kernel: Kernel, grid: Size, block: Size, arguments: tuple[Any, ...], shared_memory: int = 0
    ) -> None:
        program = _program(kernel, self.mode, self.order)
        given = tuple(map(_in_memory_order, arguments))
        self.reports.append(program(grid, block, given, shared_mem=shared_memory))


@functools.cache
def _program(kernel: Kernel, mode: str, order: str) -> simt.RawKernel:
    text = source.text(kernel.file, on="cpu", feature=kernel.feature, box=kernel.box, index=kernel.index)
    file = f"{kernel.file}.cu"
    return simt.RawKernel(text, kernel.name, mode=mode, order=order, filename=file, timeout=SECONDS)


def usable(array: NDArray[Any]) -> NDArray[Any]:
    """The array itself where it has no gaps in either layout, else a copy (N, C, H, W)."""
    plain = array.view(np.ndarray)
    return plain if _in_memory_order(plain).flags.c_contiguous else np.ascontiguousarray(plain)


def _in_memory_order(argument: Any) -> Any:
    """An array with the channels last in memory, as (N, H, W, C) or (K, 4, C); all else as it is."""
    if isinstance(argument, np.ndarray) and argument.ndim in (3, 4) and not argument.flags.c_contiguous:
        return np.moveaxis(argument, 1, -1)
    return argument


def run(compute: Any, device: SimtDevice, outs: tuple[int, ...], *arguments: Any) -> None:
    """compute(device, *arguments) with arrays as `usable` gives them; what is in `outs` is written to."""
    device.reports.clear()
    ready = [usable(each) if isinstance(each, np.ndarray) else each for each in arguments]
    compute(device, *ready)
    for i in outs:
        if arguments[i] is not None and ready[i] is not arguments[i]:
            np.copyto(arguments[i], ready[i])
