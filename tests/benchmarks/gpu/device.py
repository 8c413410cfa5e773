"""The GPU as the benchmark sees it: memory, and a clock. Tests put a stand-in in its place."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any, Protocol

import numpy as np

#: Bytes that are written before each timed call: more than the level-2 cache of any GPU, and long enough that
#: the call is queued before it may start, so that its time is the GPU's alone.
HEAD_START = 2**29


class Gpu(Protocol):
    """What is needed of a GPU."""

    #: Bytes of its level-2 cache.
    cache: int

    def facts(self) -> dict[str, Any]:
        """What a reader needs to know of hardware, driver and libraries."""

    def array(self, values: np.ndarray) -> Any:
        """A copy on the GPU."""

    def poisoned(self, shape: tuple[int, ...], dtype: str) -> Any:
        """An array of NaN; of integers, of -9."""

    def numpy(self, array: Any) -> np.ndarray:
        """A copy on the CPU, also of another library's tensor."""

    def gpu_seconds(self, call: Callable[[], object]) -> float:
        """From the call's first work on the GPU to its last, with nothing of it in the cache."""

    def host_seconds(self, call: Callable[[], object], times: int) -> float:
        """Until the call comes back, whether or not the GPU is done; the mean of so many."""

    def copying(self, size: int) -> Callable[[], object]:
        """Copies so many bytes from one place in the GPU's memory to another."""

    def check(self) -> None:
        """Raises what kernels found wrong with boxes."""


class CudaGpu:
    """The current CUDA device, through CuPy."""

    def __init__(self) -> None:
        import cupy

        self._cupy: Any = cupy
        self._device = cupy.cuda.Device()
        self.cache = int(self._device.attributes["L2CacheSize"])
        self._scratch = cupy.empty(HEAD_START, np.uint8)

    def facts(self) -> dict[str, Any]:
        runtime = self._cupy.cuda.runtime
        properties = runtime.getDeviceProperties(self._device.id)
        return {
            "gpu": properties["name"].decode(),
            "compute_capability": self._device.compute_capability,
            "memory_bytes": int(properties["totalGlobalMem"]),
            "cache_bytes": self.cache,
            "multiprocessors": int(properties["multiProcessorCount"]),
            "driver_cuda": runtime.driverGetVersion(),
            "runtime_cuda": runtime.runtimeGetVersion(),
            "cupy": self._cupy.__version__,
        }

    def array(self, values: np.ndarray) -> Any:
        return self._cupy.asarray(values)

    def poisoned(self, shape: tuple[int, ...], dtype: str) -> Any:
        poison = -9 if np.dtype(dtype).kind == "i" else np.nan
        return self._cupy.asarray(np.full(shape, poison, dtype))

    def numpy(self, array: Any) -> np.ndarray:
        is_ours = isinstance(array, self._cupy.ndarray)
        return self._cupy.asnumpy(array if is_ours else self._cupy.from_dlpack(array))

    def gpu_seconds(self, call: Callable[[], object]) -> float:
        begin, end = self._cupy.cuda.Event(), self._cupy.cuda.Event()
        self._scratch.fill(0)
        begin.record()
        call()
        end.record()
        end.synchronize()
        return self._cupy.cuda.get_elapsed_time(begin, end) / 1e3

    def host_seconds(self, call: Callable[[], object], times: int) -> float:
        self._device.synchronize()
        begin = time.perf_counter()
        for _ in range(times):
            call()
        seconds = (time.perf_counter() - begin) / times
        self._device.synchronize()
        return seconds

    def copying(self, size: int) -> Callable[[], object]:
        source = self._cupy.zeros(size, np.uint8)
        target = self._cupy.empty_like(source)
        return lambda: self._cupy.copyto(target, source)

    def check(self) -> None:
        import roikit.gpu

        roikit.gpu.check()
