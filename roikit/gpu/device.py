"""Where a CUDA kernel runs: on a GPU through CuPy, or on the CPU through `roikit.simt`.

A launcher knows neither: it asks a device for memory and launches by the kernel's name.
"""

from __future__ import annotations

from dataclasses import dataclass
from importlib import import_module
from typing import Any, Protocol

import numpy as np

#: Bytes of shared memory that every GPU gives a block unasked.
SHARED_MEMORY = 48 * 1024
#: Bytes of it that a kernel's own variables take at most, beside what it is launched with.
STATIC_MEMORY = 6 * 1024
#: Threads of one block, where a kernel has no reason for another number.
THREADS = 256
#: Blocks along x of a grid, and along y and z.
MOST_BLOCKS_X = 2**31 - 1
MOST_BLOCKS_Y = 65535

Size = tuple[int, int, int]


@dataclass(frozen=True)
class Kernel:
    """One variant of one kernel: ``FILE.cu`` for these dtypes, and the function's name in it."""

    file: str
    name: str
    feature: str
    box: str = "float64"
    index: str = "int64"


class Device(Protocol):
    #: Whether the readable kernels are asked for where there is a faster one.
    plain: bool
    #: Whether gradients add up in the same order in every run.
    deterministic: bool
    #: Bytes of shared memory that a block may ask for.
    shared_memory: int
    #: Multiprocessors: how many blocks run at a time, at least.
    processors: int
    #: Where kernels note the first box that cannot be computed; None where boxes were looked at before.
    fault: Any

    def empty(self, shape: tuple[int, ...], dtype: str) -> Any:
        """An array on the device, whatever it holds."""

    def zeros(self, shape: tuple[int, ...], dtype: str) -> Any:
        """An array of zeros on the device."""

    def launch(
        self, kernel: Kernel, grid: Size, block: Size, arguments: tuple[Any, ...], shared_memory: int = 0
    ) -> None:
        """Start a kernel. Arguments are arrays on the device, NumPy scalars, or None for a null pointer."""


def strides(array: Any) -> tuple[np.int64, ...]:
    """Elements, not bytes, from neighbour to neighbour along each axis: what kernels count in."""
    return tuple(np.int64(step // array.itemsize) for step in array.strides)


def value_size(array: Any) -> int:
    """Bytes of a value in registers: halves are computed in float32."""
    return max(int(array.itemsize), 4)


def address(array: Any) -> int:
    """Where an array's first element lies, on whatever device."""
    interface = getattr(array, "__cuda_array_interface__", None) or array.__array_interface__
    return int(interface["data"][0])


def is_channels_last(array: Any) -> bool:
    """Whether an array (N, C, H, W) lies in memory as (N, H, W, C) does, without gaps."""
    return bool(array.transpose(0, 2, 3, 1).flags.c_contiguous)


def blocks(count: int, threads: int = THREADS) -> int:
    """How many blocks of so many threads it takes for one thread each."""
    return -(-count // threads)


def check() -> None:
    """Wait for the GPU and raise what its kernels found wrong with boxes since the last check.

    Boxes in a CuPy array are looked at by the kernels alone, so that no call waits for the GPU; a row of
    which nothing can be computed gives NaN.

    Raises
    ------
    ValueError
        A box was not finite, reached beyond 2**40 cells, named an image that features does not hold, or
        asked for more than 4096 adaptive sample points a side.
    RuntimeError
        CuPy is not installed: no kernel has run on a GPU.
    """
    try:
        cuda: Any = import_module("roikit.gpu._cupy")
    except ImportError:
        raise RuntimeError("there is no CuPy here, and so no kernel has run on a GPU") from None
    cuda.check()
