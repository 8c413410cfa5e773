"""The launches of a call, noted once and repeated for the next call of the same form.

What a launcher does depends on shapes, strides, dtypes, alignment and options alone: it never looks at what
arrays hold. So a call with the same of all these is the same launches with other arrays, and all the Python
between a public function and the GPU is needed once.
"""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np

from roikit.convention import Convention
from roikit.gpu.device import Kernel, Size

#: Bytes to which kernels that read several elements at a time want arrays aligned.
ALIGNMENT = 16
#: Forms of calls that are remembered at a time.
MOST_FORMS = 1000


def form(operation: str, given: tuple[Any, ...], plain: bool) -> tuple[Any, ...] | None:
    """What two calls (features, rois, options ..., out) have in common if they are the same launches.

    None for a call that is not simple: with an `out`, with boxes from the CPU, with other than Python's own
    numbers.
    """
    features, rois, *options, out = given
    if out is not None or type(rois) is not type(features):
        return None
    kinds = tuple(map(_kind, options))  # True is no 1 here
    if None in kinds:
        return None
    return operation, plain, _form_of(features), _form_of(rois), tuple(options), kinds


def _form_of(array: Any) -> tuple[Any, ...]:
    return array.shape, array.strides, array.dtype, array.device.id, array.data.ptr % ALIGNMENT


def _kind(option: Any) -> Any:
    if type(option) is tuple:
        kinds = tuple(map(type, option))
        return kinds if set(kinds) == {int} else None
    if type(option) is Convention:
        return repr(option)  # 0.0 and -0.0 are equal, and not the same
    return type(option) if type(option) in (int, float, bool, str) else None


class Step(NamedTuple):
    """One launch; `slots` says which arguments are arrays of the call, by their places in it."""

    program: Any
    grid: Size
    block: Size
    arguments: tuple[Any, ...]
    slots: tuple[tuple[int, int], ...]
    shared_memory: int


class Recipe:
    """What a call does. Arrays are numbered: features, rois, results, then what kernels work with."""

    def __init__(self, features: Any, rois: Any, results: tuple[Any, ...]) -> None:
        self._arrays = [features, rois, *results]
        self._forms = [(array.shape, array.dtype) for array in results]
        self._count = len(results)
        self._steps: list[Step] = []
        #: False once a launch has an array that is none of the call's.
        self.is_whole = all(array.size for array in self._arrays)

    def note_room(self, array: Any) -> None:
        """An array that a launcher asked its device for, to work with."""
        self._arrays.append(array)
        self._forms.append((array.shape, array.dtype))
        self.is_whole &= bool(array.size)

    def note_launch(
        self, program: Any, grid: Size, block: Size, arguments: tuple[Any, ...], shared_memory: int
    ) -> None:
        """A view of an array is that array here: where it begins is all that a kernel is told."""
        addresses = [array.data.ptr for array in self._arrays]
        self.is_whole &= len(set(addresses)) == len(addresses)  # else nothing tells which of two it is
        slots = [
            (i, addresses.index(argument.data.ptr))
            for i, argument in enumerate(arguments)
            if not isinstance(argument, np.generic) and argument.data.ptr in addresses
        ]
        self._steps.append(Step(program, grid, block, arguments, tuple(slots), shared_memory))

    def finish(self, constant: Any) -> None:
        """Forget the arrays of the call that was noted; only one stays, which is in every call."""
        for number, step in enumerate(self._steps):
            arguments = list(step.arguments)
            for i, _ in step.slots:
                arguments[i] = None
            arrays = [each for each in arguments if not isinstance(each, (np.generic, type(None)))]
            self.is_whole &= all(each is constant for each in arrays)
            self._steps[number] = step._replace(arguments=tuple(arguments))
        self._arrays = []

    def repeat(self, empty: Any, features: Any, rois: Any) -> Any:
        """The same call on other arrays; `empty` makes them."""
        with features.device:
            arrays = [features, rois, *(empty(shape, dtype) for shape, dtype in self._forms)]
            for step in self._steps:
                arguments = list(step.arguments)
                for i, slot in step.slots:
                    arguments[i] = arrays[slot]
                step.program(step.grid, step.block, tuple(arguments), shared_mem=step.shared_memory)
        return arrays[2] if self._count == 1 else tuple(arrays[2 : 2 + self._count])


class NotingDevice:
    """A device that does what another does, and notes it."""

    def __init__(self, device: Any, recipe: Recipe) -> None:
        self._device = device
        self._recipe = recipe
        self.plain = device.plain
        self.deterministic = device.deterministic
        self.shared_memory = device.shared_memory
        self.processors = device.processors
        self.fault = device.fault

    def empty(self, shape: tuple[int, ...], dtype: str) -> Any:
        array = self._device.empty(shape, dtype)
        self._recipe.note_room(array)
        return array

    def zeros(self, shape: tuple[int, ...], dtype: str) -> Any:
        """Zeros have to be made anew in each call: no recipe can say so."""
        self._recipe.is_whole = False
        return self._device.zeros(shape, dtype)

    def launch(
        self, kernel: Kernel, grid: Size, block: Size, arguments: tuple[Any, ...], shared_memory: int = 0
    ) -> None:
        program, given = self._device.ready(kernel, arguments, shared_memory)
        self._recipe.note_launch(program, grid, block, given, shared_memory)
        program(grid, block, given, shared_mem=shared_memory)
