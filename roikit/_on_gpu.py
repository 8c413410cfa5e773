"""Arrays of CuPy as arguments: checked by what is known without waiting for the GPU.

Shapes, dtypes and places in memory are known to the CPU. What boxes hold is not: kernels look at them, and
`roikit.gpu.check` tells. CuPy is not imported here: where nobody has, no argument is an array of it.
"""

from __future__ import annotations

import functools
import sys
from collections.abc import Callable
from importlib import import_module
from pathlib import Path
from typing import Any

import numpy as np

from roikit._plain import items, said

#: What CUDA kernels count in 32 bits: images, channels, boxes; cells of one map; bins of one box.
FEW = 2**31 - 2**10  # a little less: kernels go in tiles, and the last one may end beyond


@functools.cache
def operations() -> frozenset[str]:
    """Those that have a CUDA kernel: ``roikit/gpu/NAME.cu``, and ``NAME.py`` that launches it."""
    sources = Path(__file__).with_name("gpu").glob("*.cu")
    return frozenset(source.stem for source in sources if source.with_suffix(".py").exists())


def is_on_gpu(values: object) -> bool:
    """Whether this is an array of CuPy."""
    cupy: Any = sys.modules.get("cupy")
    return cupy is not None and issubclass(type(values), getattr(cupy, "ndarray", ()))


def compute(
    operation: str, array: Any, outs: tuple[int, ...], *, plain: bool, deterministic: bool
) -> Callable[..., None]:
    """What computes an operation on arrays like this one: on its GPU, or for NumPy's on the CPU by simt."""
    launcher = getattr(import_module(f"roikit.gpu.{operation}"), operation)
    if not is_on_gpu(array):
        simt: Any = import_module("roikit.gpu._simt")
        device = simt.SimtDevice(plain=plain, deterministic=deterministic)
        return functools.partial(_run, functools.partial(simt.run, launcher, device, outs))
    cuda: Any = import_module("roikit.gpu._cupy")
    return functools.partial(_run, functools.partial(cuda.run, launcher, plain, deterministic))


def call(operation: str, given: tuple[Any, ...], checked: Callable[..., Any], *, plain: bool) -> Any:
    """A call (features, rois, options ..., out) of CuPy's arrays; `checked` gives the kernel's arguments."""
    cuda: Any = import_module("roikit.gpu._cupy")
    return cuda.call(operation, given, checked, plain)


def refuse(operation: str, **arrays: Any) -> None:
    """Of an operation without a CUDA kernel."""
    for name, array in arrays.items():
        if is_on_gpu(array):
            raise TypeError(f"{operation} has no CUDA kernel: copy {name} to the CPU first, by {name}.get()")


def _run(launch: Callable[..., None], *arguments: Any) -> None:
    refuse_huge(arguments)
    launch(*arguments)


def refuse_huge(arguments: tuple[Any, ...]) -> None:
    for array in arguments:
        if getattr(array, "ndim", 0) == 4:
            a, b, c, d = array.shape
            if max(a, b, c * d) >= FEW:
                rule = "fewer than 2**31 - 2**10 images (or boxes), channels, and cells (or bins) of one map"
                raise ValueError(f"CUDA kernels take {rule}; got shape {said(array.shape)}")


def floats(name: str, array: Any) -> Any:
    if array.dtype.name not in ("float16", "bfloat16", "float32", "float64"):
        hint = f": use {name}.astype(cupy.float32)" if array.dtype.kind in "biu" else ""
        rule = "float16, bfloat16, float32 or float64"
        raise TypeError(f"{name} must be {rule}; got {said(array.dtype)}{hint}")
    return array


def boxes(
    rois: object, images: int | None, mismatch: Callable[[int], ValueError], columns: tuple[str, ...]
) -> Any:
    """(K, 5) float32 or float64 on the GPU, in rows without gaps; None where rois is not there."""
    cupy: Any = sys.modules.get("cupy")
    if cupy is None:
        return None
    if is_on_gpu(rois):
        return _table(rois, columns)
    each = items(rois)
    if not each or not any(map(is_on_gpu, each)):
        return None
    if images is not None and len(each) != images:
        raise mismatch(len(each))
    tables = []
    for b, array in enumerate(each):
        if not is_on_gpu(array) or array.ndim != 2 or array.shape[1] != len(columns):
            shape = said(getattr(array, "shape", type(array).__name__))
            named = f"(L, {len(columns)}): {', '.join(columns)}"
            raise ValueError(f"rois[{b}] must be a CuPy array {named}; got {shape}")
        _check_reals(f"rois[{b}]", array)
        with array.device:
            table = cupy.empty((len(array), 1 + len(columns)), np.float64)
            table[:, 0] = b
            table[:, 1:] = array
        tables.append(table)
    with tables[0].device:
        return cupy.concatenate(tables)


def _check_reals(name: str, array: Any) -> None:
    if array.dtype.kind not in "iuf" and array.dtype.name != "bfloat16":
        raise TypeError(f"{name} must hold real numbers; got {said(array.dtype)}")


def _table(rois: Any, columns: tuple[str, ...]) -> Any:
    _check_reals("rois", rois)
    if rois.ndim != 2 or rois.shape[1] != 1 + len(columns):
        named = f"(K, {1 + len(columns)}): batch index, {', '.join(columns)}"
        raise ValueError(f"rois must have shape {named}; got {said(rois.shape)}")
    cupy: Any = sys.modules["cupy"]
    keeps = rois.dtype.name in ("float32", "float64")
    with rois.device:
        return cupy.ascontiguousarray(rois, rois.dtype if keeps else np.float64)


def coordinates(y: Any, x: Any, beside: Any) -> tuple[Any, Any]:
    """Points (y, x) of one common shape, in float64 on the GPU."""
    if not is_on_gpu(beside):
        raise TypeError("y and x are on a GPU, and features is not: use y.get() and x.get()")
    cupy: Any = sys.modules["cupy"]
    try:
        points_y, points_x = cupy.broadcast_arrays(cupy.asarray(y), cupy.asarray(x))
    except ValueError:
        shapes = f"{said(np.shape(y))} and {said(np.shape(x))}"
        raise ValueError(f"y and x must broadcast to one shape; got {shapes}") from None
    for name, points in (("y", points_y), ("x", points_x)):
        _check_reals(name, points)
    return points_y.astype(np.float64), points_x.astype(np.float64)


def output(
    name: str, out: Any, shape: tuple[int, ...], dtypes: list[np.dtype[Any]], inputs: dict[str, Any],
    in_place: Callable[[Any], bool],
) -> Any:
    """What a kernel writes into: `out`, checked, or a new array on the GPU of the inputs."""
    cupy: Any = sys.modules["cupy"]
    first = next(array for array in inputs.values() if is_on_gpu(array))
    if out is None:
        with first.device:
            return cupy.empty(shape, dtypes[0])
    if not is_on_gpu(out):
        raise TypeError(f"{name} must be a CuPy array, as the others are; got an object of {said(type(out))}")
    if out.dtype not in dtypes:
        raise TypeError(f"{name} must be {' or '.join(map(str, dtypes))}; got {said(out.dtype)}")
    if out.shape != shape:
        raise ValueError(f"{name} must have shape {said(shape)}; got {said(out.shape)}")
    if not in_place(out):
        raise ValueError(f"{name} must hold each element in a place of its own; got strides {out.strides}")
    if out.device != first.device:
        raise ValueError(f"{name} must be on the same GPU as the others; got {said(out.device)}")
    for other, array in inputs.items():
        # The bounds are compared first: a closer look would wait for the GPU.
        if is_on_gpu(array) and cupy.may_share_memory(out, array) and cupy.shares_memory(out, array):
            raise ValueError(f"{name} must not share memory with {other}")
    return out
