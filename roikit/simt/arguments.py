"""What a launch is given: grid, block and arguments, checked against what CUDA and the kernel accept."""

from __future__ import annotations

import operator
from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import DTypeLike, NDArray

from roikit.simt.build import Description, Parameter
from roikit.simt.errors import LaunchError

MOST_GRID = (2**31 - 1, 65535, 65535)
MOST_BLOCK = (1024, 1024, 64)
MOST_THREADS = 1024
#: Bytes of shared memory a block may have, and what it may have when the kernel's attribute asks for more.
MOST_SHARED = 48 << 10
MOST_SHARED_BY_ATTRIBUTE = 227 << 10


class Unwritten(np.ndarray):
    """An array that nothing was written to yet: mode "check" reports what is read, and what stays so."""

    #: Whether a kernel, or NumPy by index, has had it since.
    was_used = False

    def __setitem__(self, index: Any, value: Any) -> None:
        self.was_used = True
        super().__setitem__(index, value)

    def fill(self, value: Any) -> None:
        self.was_used = True
        super().fill(value)


def empty(shape: int | Sequence[int], dtype: DTypeLike = np.float32) -> Unwritten:
    """An array for a kernel's output, filled with bytes that no one should take for a result."""
    array = np.empty(shape, dtype)
    array.reshape(-1).view(np.uint8)[...] = 0xFF
    return array.view(Unwritten)


def is_unwritten(array: NDArray[Any]) -> bool:
    """Whether it is still as `empty` made it: neither a kernel nor NumPy wrote to it."""
    if not isinstance(array, Unwritten) or array.was_used:
        return False
    return bool(np.all(np.asarray(as_bytes(array)) == 0xFF))


def extent(what: str, sizes: object, most: tuple[int, int, int]) -> tuple[int, int, int]:
    """A grid or a block as (x, y, z)."""
    given = sizes if isinstance(sizes, (tuple, list)) else (sizes,)
    if not 1 <= len(given) <= 3:
        raise LaunchError(f"{what} must have one to three sizes (x, y, z); got {sizes!r}")
    try:
        x, y, z = (*map(operator.index, given), 1, 1, 1)[:3]
    except TypeError:
        raise LaunchError(f"{what} must be made of integers; got {sizes!r}") from None
    for axis, size, limit in zip("xyz", (x, y, z), most, strict=True):
        if not 1 <= size <= limit:
            raise LaunchError(f"{what}.{axis} must be between 1 and {limit}; got {size}")
    return x, y, z


def block_extent(sizes: object) -> tuple[int, int, int]:
    x, y, z = extent("block", sizes, MOST_BLOCK)
    if x * y * z > MOST_THREADS:
        raise LaunchError(f"a block has at most {MOST_THREADS} threads; got {x} x {y} x {z} = {x * y * z}")
    return x, y, z


def check_shared(description: Description, dynamic: int, allowed: int) -> None:
    """CUDA refuses a launch whose block needs more shared memory than it may have."""
    static = description.static_shared
    if not isinstance(dynamic, (int, np.integer)) or dynamic < 0:
        raise LaunchError(f"shared_mem must be a whole number of bytes, at least 0; got {dynamic!r}")
    if static > MOST_SHARED:
        raise LaunchError(f"the kernel's __shared__ variables take {static} bytes; CUDA allows {MOST_SHARED}")
    most = max(MOST_SHARED, allowed)
    if static + dynamic > most:
        raise LaunchError(
            f"a block may have {most} bytes of shared memory; got {static} of __shared__ variables and "
            f"shared_mem={dynamic}. More, up to {MOST_SHARED_BY_ATTRIBUTE}, has to be allowed first: "
            "kernel.max_dynamic_shared_size_bytes = ..."
        )


def check_arguments(name: str, parameters: Sequence[Parameter], args: object) -> tuple[Any, ...]:
    if not isinstance(args, (tuple, list)):
        raise LaunchError(f"args must be a tuple of the kernel's arguments; got {type(args).__name__}")
    if len(args) != len(parameters):
        listed = ", ".join(f"{parameter.type} {parameter.name}" for parameter in parameters)
        raise LaunchError(f"{name} takes {len(parameters)} arguments ({listed}); got {len(args)}")
    for position, (parameter, value) in enumerate(zip(parameters, args, strict=True), 1):
        problem = _problem(parameter, value)
        if problem is not None:
            raise LaunchError(f"argument {position} ({parameter.type} {parameter.name}) {problem}")
    return tuple(args)


def _problem(parameter: Parameter, value: object) -> str | None:
    """What is wrong with an argument, as the end of a sentence."""
    if isinstance(value, (bool, int, float, complex)) and not isinstance(value, np.generic):
        numpy_type = "np.float32" if isinstance(value, float) else "np.int32"
        return (
            f"is the Python number {value!r}: CuPy would pass it as 8 bytes, whatever the parameter is; "
            f"say which type you mean, as in {numpy_type}({value!r})"
        )
    if parameter.pointer:
        return _pointer_problem(parameter, value)
    if isinstance(value, np.ndarray):
        return f"is a value, and got an array of shape {value.shape}"
    if not isinstance(value, np.generic):
        return f"must be a NumPy scalar; got {type(value).__name__}"
    if value.dtype.itemsize != parameter.size or not _same_kind(parameter, value.dtype):
        return f"got a NumPy {value.dtype}; it must be {_numpy_names(parameter)}"
    return None


def _pointer_problem(parameter: Parameter, value: object) -> str | None:
    if value is None:
        return None
    if isinstance(value, np.generic):
        return f"is a pointer, and got the number {value!r}; pass an array"
    if not isinstance(value, np.ndarray):
        return f"must be a NumPy array or None; got {type(value).__name__}"
    if not value.flags.c_contiguous:
        return f"got an array of strides {value.strides}; it must be C-contiguous (numpy.ascontiguousarray)"
    if not value.flags.aligned or not value.dtype.isnative:
        return "got an array whose elements are not aligned, or in another machine's byte order"
    if value.dtype.hasobject:
        return "got an array of Python objects"
    if not parameter.const and not value.flags.writeable:
        return "got a read-only array, and the kernel may write to what is not const"
    if not _may_point_at(parameter, value.dtype):
        return f"got an array of {value.dtype}; its elements must be {_numpy_names(parameter)}"
    return None


def _may_point_at(parameter: Parameter, dtype: np.dtype[Any]) -> bool:
    """Bytes may be anything; a structure, such as float4, lies over elements that fill it."""
    if parameter.kind == "x" or (parameter.size == 1 and parameter.kind in "iu"):
        return True
    if parameter.kind == "V":
        if parameter.size == 2:  # __half and __nv_bfloat16
            return _same_kind(parameter, dtype)
        return parameter.size % dtype.itemsize == 0 or dtype.itemsize % parameter.size == 0
    return dtype.itemsize == parameter.size and _same_kind(parameter, dtype)


def _same_kind(parameter: Parameter, dtype: np.dtype[Any]) -> bool:
    """Whether NumPy's type means what the parameter's does; the sizes are compared elsewhere."""
    if parameter.element == "__half":
        return dtype in (np.float16, np.uint16)
    if parameter.element == "__nv_bfloat16":
        return dtype.name == "bfloat16" or dtype == np.uint16
    if parameter.kind == "V":
        return True
    if parameter.kind == "b":
        return dtype.kind in "b"
    if parameter.kind == "f":
        return dtype.kind == "f" and dtype.name != "bfloat16"
    return dtype.kind in "iu"


def _numpy_names(parameter: Parameter) -> str:
    """NumPy's names of what a parameter, or its pointer's element, may be."""
    bits = 8 * parameter.size
    if parameter.element in ("__half", "__nv_bfloat16"):
        return "float16" if parameter.element == "__half" else "bfloat16"
    names = {"b": "bool", "f": f"float{bits}", "i": f"int{bits}", "u": f"uint{bits}"}
    return names.get(parameter.kind, f"{parameter.element} of {parameter.size} bytes")


def as_bytes(array: NDArray[Any]) -> memoryview:
    """The memory of a C-contiguous array, without a copy."""
    return array.reshape(-1).view(np.uint8).data
