"""The device: CUDA through CuPy, which this module alone imports."""

from __future__ import annotations

import functools
from importlib import import_module
from typing import Any

import cupy
import numpy as np

from roikit import _on_gpu, _validate
from roikit.gpu import replay, source
from roikit.gpu.device import SHARED_MEMORY, STATIC_MEMORY, Kernel, Size

#: What a kernel's note of a faulty box is told as, by its code (geometry.cuh).
_SENTENCES = {
    1: "rois[{k}] holds {value}: boxes must be finite numbers",
    2: "rois[{k}] names batch index {value}, which is not a whole number",
    3: "rois[{k}] names batch index {value:.17g}, but features holds {images}",
    4: "rois[{k}] reaches {value} pixels at spatial_scale {limit}: "
    "scaled coordinates must lie within -2**40 .. 2**40 cells",
    5: "rois[{k}] is {value:.6g} cells along one side: that is more than 4096 sample points a side of a bin; "
    "give a sampling_ratio, or check the box",
    6: "rois[{k}] has a side of {value}: the width and height of a rotated box must not be negative",
}


class CudaDevice:
    """One GPU, in its current stream."""

    def __init__(self, number: int, plain: bool, deterministic: bool) -> None:
        self._number = number
        self.plain = plain
        self.deterministic = deterministic
        self.fault = _fault_of(number)
        attributes = cupy.cuda.Device(number).attributes
        self.shared_memory = int(attributes.get("MaxSharedMemoryPerBlockOptin", SHARED_MEMORY))
        self.processors = int(attributes["MultiProcessorCount"])

    def empty(self, shape: tuple[int, ...], dtype: str) -> Any:
        return cupy.empty(shape, np.dtype(dtype))

    def zeros(self, shape: tuple[int, ...], dtype: str) -> Any:
        return cupy.zeros(shape, np.dtype(dtype))

    def launch(
        self, kernel: Kernel, grid: Size, block: Size, arguments: tuple[Any, ...], shared_memory: int = 0
    ) -> None:
        program, given = self.ready(kernel, arguments, shared_memory)
        program(grid, block, given, shared_mem=shared_memory)

    def ready(
        self, kernel: Kernel, arguments: tuple[Any, ...], shared_memory: int
    ) -> tuple[Any, tuple[Any, ...]]:
        """What to launch, and with which arguments: a null pointer is a 0 of 8 bytes."""
        program = _program(kernel)
        if shared_memory > SHARED_MEMORY - STATIC_MEMORY:
            _allow(kernel, self._number, shared_memory)
        return program, tuple(np.uintp(0) if each is None else each for each in arguments)


@functools.cache
def device(number: int, plain: bool = False, deterministic: bool = True) -> CudaDevice:
    return CudaDevice(number, plain, deterministic)


def run(compute: Any, plain: bool, deterministic: bool, *arguments: Any) -> None:
    """compute(device, *arguments) on the arrays' GPU; NumPy's (boxes, points) are copied to it."""
    on_gpu = [each for each in arguments if isinstance(each, cupy.ndarray)]
    numbers = sorted({array.device.id for array in on_gpu})
    if len(numbers) > 1:
        raise ValueError(f"all arrays must be on one GPU; got arrays on GPUs {numbers}")
    with cupy.cuda.Device(numbers[0]):
        ready = [cupy.asarray(each) if isinstance(each, np.ndarray) else each for each in arguments]
        compute(device(numbers[0], plain, deterministic), *ready)


#: Recipes by the form of their calls; None for a form that has to be looked at every time.
_recipes: dict[Any, replay.Recipe | None] = {}


def call(operation: str, given: tuple[Any, ...], checked: Any, plain: bool) -> Any:
    """See `roikit._on_gpu.call`; a call of the same form as an earlier one is that one's launches again."""
    form = replay.form(operation, given, plain)
    recipe = _recipes.get(form)
    if recipe is not None:
        return recipe.repeat(cupy.empty, given[0], given[1])
    result, arguments, *_ = checked(*given)
    _on_gpu.refuse_huge(arguments)
    compute = getattr(import_module(f"roikit.gpu.{operation}"), operation)
    if form is None or form in _recipes:
        run(compute, plain, True, *arguments)
        return result
    if len(_recipes) >= replay.MOST_FORMS:
        _recipes.clear()
    _recipes[form] = _noted(compute, plain, result if isinstance(result, tuple) else (result,), arguments)
    return result


def _noted(
    compute: Any, plain: bool, results: tuple[Any, ...], arguments: tuple[Any, ...]
) -> replay.Recipe | None:
    """As `run`, and what it did; None where that cannot be repeated."""
    features, rois = arguments[:2]
    recipe = replay.Recipe(features, rois, results)
    number = features.device.id
    target = device(number, plain)
    run(lambda _, *ready: compute(replay.NotingDevice(target, recipe), *ready), plain, True, *arguments)
    recipe.finish(target.fault)
    return recipe if recipe.is_whole else None


@functools.cache
def _program(kernel: Kernel) -> Any:
    """Compiled at its first launch; CuPy keeps one for each device, and the binaries on disk."""
    text = source.text(kernel.file, feature=kernel.feature, box=kernel.box, index=kernel.index)
    return cupy.RawKernel(text, kernel.name, options=("--std=c++17",))


@functools.cache
def _allow(kernel: Kernel, number: int, shared_memory: int) -> None:
    """A kernel on a GPU may have so much shared memory, which is more than it has unasked."""
    program = _program(kernel)
    program.max_dynamic_shared_size_bytes = max(program.max_dynamic_shared_size_bytes, shared_memory)


#: Of each GPU that has been used: code, row, value and limit of the first fault; 0.0 has the code 0's bits.
_faults: dict[int, Any] = {}


def _fault_of(number: int) -> Any:
    if number not in _faults:
        with cupy.cuda.Device(number):
            _faults[number] = cupy.zeros(4, np.float64)
            cupy.cuda.get_current_stream().synchronize()  # kernels of other streams write to it
    return _faults[number]


def check() -> None:
    """See `roikit.gpu.check`."""
    for number, fault in _faults.items():
        with cupy.cuda.Device(number):
            cupy.cuda.runtime.deviceSynchronize()
            told = fault.get()
            code = int(told.view(np.uint64)[0])
            if code:
                fault.fill(0)
                cupy.cuda.get_current_stream().synchronize()
                raise ValueError(_sentence(code, *told[1:].tolist()))


def _sentence(code: int, k: float, value: float, limit: float) -> str:
    images = _validate.held_images(int(limit)) if code == 3 else ""
    return _SENTENCES[code].format(k=int(k), value=value, limit=limit, images=images)
