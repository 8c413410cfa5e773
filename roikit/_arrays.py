"""Arrays that come in and go out: read as what they are, held in place, never larger than all memory."""

from __future__ import annotations

import math
import weakref
from typing import Any

import numpy as np
from numpy.typing import DTypeLike, NDArray

from roikit._plain import items, said

#: Bytes of an output, or of an argument's copy; a side of 0 counts as 1.
MOST_BYTES = 2**40


class Held(np.ndarray):
    """A view of an array that stays where it is while the view lives.

    Kernels run without the GIL. Another thread may write to the array meanwhile, and its old or new numbers
    are read; ``resize(refcheck=False)`` would move it away from under the kernel. NumPy refuses that for an
    array with a weak reference, so there is one to each array down to the owner of the memory. The view's
    shape and strides are its own.
    """

    _references: list[weakref.ref[NDArray[Any]]]


def held(array: NDArray[Any]) -> NDArray[Any]:
    references = []
    owner: object = array
    while isinstance(owner, np.ndarray):
        references.append(weakref.ref(owner))
        owner = owner.base
    view = array.view(Held)
    view._references = references
    return view


def read(name: str, values: object) -> NDArray[Any]:
    """Anything that NumPy can read as an array."""
    if type(values) is np.ndarray:
        return values
    rows = items(values)
    try:
        if rows is None and _describes_memory(values):
            raise TypeError("an __array_interface__ may name any memory, use np.asarray")
        array = np.asarray(values if rows is None else rows)
    except MemoryError:
        raise MemoryError(f"{name} cannot be read as an array: there is too little memory") from None
    except Exception as error:  # an argument's own __array__ may raise anything
        if isinstance(error, ValueError) and rows is not None:
            raise ValueError(f"{name} must be rows of equal length") from None
        raise TypeError(f"{name} cannot be read as an array: {said(error)}") from error
    if issubclass(type(values), np.ndarray) and np.ma.is_masked(values):
        raise ValueError(f"{name} must not have masked elements: use {name}.filled(value)")
    return array


def _describes_memory(values: object) -> bool:
    """Whether NumPy would read wherever the object says, as far as it says."""
    if issubclass(type(values), (np.ndarray, np.generic)):
        return False
    return hasattr(values, "__array_interface__") or hasattr(values, "__array_struct__")


def floats(name: str, values: object) -> NDArray[Any]:
    """float32 or float64 in this machine's byte order; strides are left as they are."""
    array = held(read(name, values))
    if array.dtype.char not in ("f", "d"):
        hint = f": use {name}.astype(np.float64)" if array.dtype.kind in "biuf" else ""
        raise TypeError(f"{name} must be float32 or float64; got {said(array.dtype)}{hint}")
    if array.dtype.isnative and array.flags.aligned:
        return array
    return copied(name, array, array.dtype.newbyteorder("="))


def reals(name: str, values: object) -> NDArray[np.float64]:
    """A copy of real numbers, as float64."""
    array = read(name, values)
    if array.dtype.kind not in "iuf":
        raise TypeError(f"{name} must hold real numbers; got {said(array.dtype)}")
    with np.errstate(all="ignore"):  # a long double beyond float64 becomes infinite, and is refused as that
        return copied(name, array, np.float64)


def copied(name: str, array: NDArray[Any], dtype: DTypeLike) -> NDArray[Any]:
    refuse_large(f"a copy of {name}", array.shape, dtype)
    try:
        return held(array).astype(dtype, subok=False)
    except MemoryError:
        raise _out_of_memory(f"a copy of {name}", array.shape, dtype) from None


def room(name: str, shape: tuple[int, ...], dtype: DTypeLike) -> NDArray[Any]:
    """A new array, not filled."""
    refuse_large(name, shape, dtype)
    try:
        return np.empty(shape, dtype)
    except MemoryError:
        raise _out_of_memory(name, shape, dtype) from None
    except ValueError:  # the one thing left that NumPy does not do
        raise ValueError(f"{name} would have {len(shape)} axes: more than an array can have") from None


def refuse_large(name: str, shape: tuple[int, ...], dtype: DTypeLike) -> None:
    if _size(shape, dtype) > MOST_BYTES:
        raise ValueError(f"{name} would take {_needs(shape, dtype)}: more than 1 TiB")


def _out_of_memory(name: str, shape: tuple[int, ...], dtype: DTypeLike) -> MemoryError:
    return MemoryError(f"{name} would take {_needs(shape, dtype)}: there is too little memory")


def _size(shape: tuple[int, ...], dtype: DTypeLike) -> int:
    return (math.prod(shape) or math.prod(side or 1 for side in shape)) * np.dtype(dtype).itemsize


def _needs(shape: tuple[int, ...], dtype: DTypeLike) -> str:
    """"8192 GiB, shape (1, 1, 1048576, 1048576) of float64"."""
    return f"{_size(shape, dtype) / 2**30:.6g} GiB, shape {said(shape)} of {np.dtype(dtype)}"
