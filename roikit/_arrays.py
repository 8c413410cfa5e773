"""Arrays that come in and go out: read as what they are, held in place, never larger than all memory."""

from __future__ import annotations

import math
import sys
import weakref
from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.typing import DTypeLike, NDArray

from roikit import _on_gpu
from roikit._plain import items, said

#: Bytes of an output, or of an argument's copy; a side of 0 counts as 1.
MOST_BYTES = 2**40
#: The kinds of DLPack's devices whose memory the CPU reads: its own, and what CUDA or ROCm pinned there.
ON_THE_CPU = (1, 3, 11)


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
        array = _foreign(values) if rows is None else np.asarray(rows)
    except MemoryError:
        raise MemoryError(f"{name} cannot be read as an array: there is too little memory") from None
    except Exception as error:  # an argument's own __array__ may raise anything
        if isinstance(error, ValueError) and rows is not None:
            raise ValueError(f"{name} must be rows of equal length") from None
        raise TypeError(f"{name} cannot be read as an array: {said(error)}") from error
    if issubclass(type(values), np.ndarray) and np.ma.is_masked(values):
        raise ValueError(f"{name} must not have masked elements: use {name}.filled(value)")
    return array


def _foreign(values: Any) -> NDArray[Any]:
    """What is no list, as an array; what another library holds stays where it is, if NumPy can."""
    if issubclass(type(values), (np.ndarray, np.generic)):
        return np.asarray(values)
    if hasattr(values, "__dlpack__") and not hasattr(values, "__array__"):
        kind = int(values.__dlpack_device__()[0])
        if kind not in ON_THE_CPU:
            raise TypeError(f"it is on a device (kind {kind} of DLPack): copy it to the CPU first")
        return np.from_dlpack(values)
    if hasattr(values, "__array_interface__") or hasattr(values, "__array_struct__"):
        # NumPy would read wherever the object says, as far as it says.
        raise TypeError("an __array_interface__ may name any memory, use np.asarray")
    torch: Any = sys.modules.get("torch")
    if issubclass(type(values), getattr(torch, "Tensor", ())) and values.dtype == torch.bfloat16:
        return _of_torch_bfloat16(values, torch)
    return np.asarray(values)


def _of_torch_bfloat16(tensor: Any, torch: Any) -> NDArray[Any]:
    if tensor.requires_grad:
        raise TypeError("it requires grad: use tensor.detach()")
    try:
        dtype = np.dtype("bfloat16")
    except TypeError:
        raise TypeError("NumPy has no bfloat16 of its own: import ml_dtypes, or use tensor.float()") from None
    return np.asarray(tensor.view(torch.int16)).view(dtype)  # the same bits


def floats(name: str, values: object) -> NDArray[Any]:
    """A float of 16, 32 or 64 bits in this machine's byte order; strides are left as they are."""
    if _on_gpu.is_on_gpu(values):
        return _on_gpu.floats(name, values)
    array = held(read(name, values))
    if array.dtype.char not in ("e", "f", "d") and not is_bfloat16(array.dtype):
        hint = f": use {name}.astype(np.float64)" if array.dtype.kind in "biuf" else ""
        raise TypeError(
            f"{name} must be float16, bfloat16, float32 or float64; got {said(array.dtype)}{hint}"
        )
    if array.dtype.isnative and array.flags.aligned:
        return array
    return copied(name, array, array.dtype.newbyteorder("="))


def is_bfloat16(dtype: np.dtype[Any]) -> bool:
    """Whether this is the bfloat16 of the package ml_dtypes, which is known here by its name alone."""
    return dtype.isbuiltin == 2 and dtype.name == "bfloat16"  # 2: a type that a package has registered


def is_half(dtype: np.dtype[Any]) -> bool:
    return dtype.char == "e" or is_bfloat16(dtype)


def widened(array: NDArray[Any]) -> NDArray[Any]:
    """A float64 copy of a float16 or bfloat16 array; float32 and float64 as they are.

    Float64, because a kernel that computes in float64 then rounds into halves once (see `round_into`); by
    way of float32 it would round twice.
    """
    if not is_half(array.dtype):
        return array
    with np.errstate(all="ignore"):  # a signalling NaN
        return copied("features", array, np.float64)


def round_into(out: NDArray[Any], values: NDArray[Any]) -> None:
    """out[...] = values, of the wide dtype, rounded once: to nearest, ties to even."""
    with np.errstate(all="ignore"):
        if not is_bfloat16(out.dtype):
            out[...] = values
            return
        # ml_dtypes comes by way of float32. Where that is not exact it is made odd, away from every tie.
        nearest = values.astype(np.float32)
        other = np.nextafter(nearest, np.where(values > nearest, np.inf, -np.inf).astype(np.float32))
        to_other = (nearest != values) & (nearest.view(np.uint32) % 2 == 0)
        out[...] = np.where(to_other, other, nearest)


def widely(kernel: Callable[..., None], outs: tuple[int, ...] = (2,)) -> Callable[..., None]:
    """`kernel`, which knows float32, float64 and int64 alone, for arrays of halves and an argmax of int32.

    `outs` says which of its arguments are written to, counted from 0.
    """

    def wide(*arguments: Any) -> None:
        taken = list(arguments)
        for i, given in enumerate(arguments):
            if isinstance(given, np.ndarray):
                taken[i] = _wide_room(given) if i in outs else widened(given)
        kernel(*taken)
        for i in outs:
            if taken[i] is not arguments[i]:
                round_into(arguments[i], taken[i])

    return wide


def _wide_room(out: NDArray[Any]) -> NDArray[Any]:
    if is_half(out.dtype):
        return room("the output", out.shape, np.float64)
    return room("the argmax", out.shape, np.int64) if out.dtype == np.int32 else out


def channels_first(array: NDArray[Any], layout: str) -> NDArray[Any]:
    """An NHWC array seen as NCHW: the same memory, other strides."""
    return array.transpose(0, 3, 1, 2) if layout == "NHWC" else array


def laid_out(shape: tuple[int, ...], layout: str) -> tuple[int, ...]:
    """The shape (N, C, H, W) as the caller writes it."""
    N, C, H, W = shape
    return (N, H, W, C) if layout == "NHWC" else shape


def output(
    name: str, out: object, shape: tuple[int, ...], dtype: DTypeLike | tuple[DTypeLike, ...], *,
    new: str = "the output", **inputs: NDArray[Any],
) -> NDArray[Any]:
    """What a kernel writes into: `out`, checked and held in place, or a new array where it is None.

    Of several dtypes each may be given, and the first is made. `inputs` are what the kernel reads, by name.
    """
    dtypes = [np.dtype(each) for each in (dtype if isinstance(dtype, tuple) else (dtype,))]
    if any(map(_on_gpu.is_on_gpu, inputs.values())):
        refuse_large(new, shape, dtypes[0])
        return _on_gpu.output(name, out, shape, dtypes, inputs, _each_in_its_place)
    if out is None:
        return room(new, shape, dtypes[0])
    if type(out) is not np.ndarray:
        raise TypeError(f"{name} must be a numpy.ndarray itself; got an object of {said(type(out))}")
    array = held(out)
    if array.dtype not in dtypes:
        names = " or ".join(str(each) for each in dtypes)
        raise TypeError(f"{name} must be {names}; got {said(array.dtype)}")
    if array.shape != shape:
        raise ValueError(f"{name} must have shape {said(shape)}; got {said(array.shape)}")
    if not array.flags.writeable:
        raise ValueError(f"{name} must be writable; got a read-only array")
    if not array.flags.aligned:
        raise ValueError(f"{name} must be aligned in memory, as np.empty is")
    if not _each_in_its_place(array):
        raise ValueError(f"{name} must hold each element in a place of its own; got strides {array.strides}")
    for other, values in inputs.items():
        if _share_memory(array, values):
            raise ValueError(f"{name} must not share memory with {other}")
    return array


def _each_in_its_place(array: NDArray[Any]) -> bool:
    """Whether each axis steps over all that the axes of smaller steps reach."""
    reach = array.itemsize
    axes = zip(map(abs, array.strides), array.shape, strict=True)
    for step, side in sorted(axes):
        if side > 1 and step < reach:
            return array.size == 0
        reach += step * (side - 1)
    return True


def _share_memory(a: NDArray[Any], b: NDArray[Any]) -> bool:
    try:
        return np.shares_memory(a, b, max_work=1000)  # type: ignore[arg-type]  # any int, unlike the stub's
    except RuntimeError:  # too hard to tell, as NumPy names it
        return True


def reals(name: str, values: object) -> NDArray[np.float64]:
    """A copy of real numbers, as float64."""
    array = read(name, values)
    if array.dtype.kind not in "iuf" and not is_bfloat16(array.dtype):
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
