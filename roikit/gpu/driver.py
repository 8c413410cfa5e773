"""What NVIDIA's driver says of this machine, asked through ctypes: no CuPy, no nvidia-smi."""

from __future__ import annotations

import ctypes
import importlib.util
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

# Names in cuda.h.
_COMPUTE_CAPABILITY_MAJOR = 75
_COMPUTE_CAPABILITY_MINOR = 76
_NO_DEVICE = 100

_OLDEST_OF_CUDA_13 = (7, 5)


class DriverError(Exception):
    """There is no driver here, or it does not work."""


@dataclass(frozen=True)
class Device:
    """A GPU: its compute capability, (9, 0) for sm_90, and bytes of memory."""

    name: str
    capability: tuple[int, int]
    memory: int


@dataclass(frozen=True)
class Driver:
    """The newest CUDA that the driver knows, and the GPUs that this process may use."""

    cuda: tuple[int, int]
    devices: tuple[Device, ...]

    @property
    def extra(self) -> str:
        """The extra of roikit whose CuPy this driver and these GPUs can run."""
        is_old = any(device.capability < _OLDEST_OF_CUDA_13 for device in self.devices)
        return "gpu12" if self.cuda < (13, 0) or is_old else "gpu13"


def find() -> Driver:
    """The driver of this machine."""
    name = "nvcuda.dll" if sys.platform == "win32" else "libcuda.so.1"
    try:
        library = ctypes.CDLL(name)
    except OSError:
        raise DriverError("NVIDIA's driver is not installed") from None
    code = library.cuInit(0)
    if code not in (0, _NO_DEVICE):
        raise DriverError(f"NVIDIA's driver does not start: cuInit says {code}")
    version = _number(library.cuDriverGetVersion)
    devices = () if code else tuple(_devices(library))
    return Driver((version // 1000, version % 1000 // 10), devices)


def _devices(library: Any) -> Iterator[Device]:
    for number in range(_number(library.cuDeviceGetCount)):
        handle = _number(library.cuDeviceGet, number)
        name = ctypes.create_string_buffer(256)
        _succeed(library.cuDeviceGetName(name, len(name), handle))
        memory = ctypes.c_size_t()
        _succeed(library.cuDeviceTotalMem_v2(ctypes.byref(memory), handle))
        major = _number(library.cuDeviceGetAttribute, _COMPUTE_CAPABILITY_MAJOR, handle)
        minor = _number(library.cuDeviceGetAttribute, _COMPUTE_CAPABILITY_MINOR, handle)
        yield Device(name.value.decode(errors="replace"), (major, minor), memory.value)


def _number(function: Any, *arguments: int) -> int:
    """What a function of the driver writes behind its first argument."""
    found = ctypes.c_int()
    _succeed(function(ctypes.byref(found), *arguments))
    return found.value


def _succeed(code: int) -> None:
    if code:
        raise DriverError(f"NVIDIA's driver does not answer: it says {code}")


def missing() -> str:
    """What keeps CUDA kernels from running here and how to get it, in a sentence; empty if nothing does."""
    try:
        found = find()
    except DriverError as problem:
        return f"{problem}: a CUDA device is needed"
    if not found.devices:
        return "NVIDIA's driver finds no CUDA device"
    if importlib.util.find_spec("cupy") is None:
        return f"CuPy is not installed: pip install 'roikit[{found.extra}]'"
    return ""
