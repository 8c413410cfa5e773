"""From an operation's name to what computes it.

``roikit.reference.NAME`` is the definition, ``roikit.cpu._NAME`` the plain kernel, which gives the same bits,
and ``roikit.cpu.fast.NAME`` the fast one, where there is one.
"""

from __future__ import annotations

import functools
import pkgutil
import warnings
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from importlib import import_module
from pathlib import Path
from typing import Any

from roikit import _arrays, _on_gpu, _validate, reference
from roikit._plain import shown, text

BACKENDS = ("reference", "plain", "fast", "cpu", "simt", "simt-plain")
#: Elements of output from which on the fast kernel is worth its tables.
ENOUGH = 2**14

_chosen: ContextVar[str | None] = ContextVar("roikit_backend", default=None)


@contextmanager
def use_backend(name: str) -> Iterator[None]:
    """Compute with the named backend inside a ``with`` block.

    Parameters
    ----------
    name : {"reference", "plain", "fast", "cpu", "simt", "simt-plain"}
        ``"reference"`` is the definition in plain NumPy, slow; ``"plain"`` the same in Cython, with the same
        bits; ``"fast"`` the fast kernels, which compute float32 maps in float32, and ``"plain"`` for an
        operation that has none. ``"cpu"``, the default where kernels are built, is ``"plain"`` for a small
        output (of a gradient: input), of fewer than 2**14 elements, and ``"fast"`` for a larger one.
        ``"simt"`` runs the CUDA kernels on the CPU, thread by thread, to look at what they do: see
        `roikit.simt`, which needs a C++ compiler. ``"simt-plain"`` takes the readable ones among them. Both
        are ``"plain"`` for an operation without a CUDA kernel. All give the same errors. The choice holds for
        this thread (or task). Arrays of CuPy are always computed on their GPU, by the readable kernels for
        ``"plain"`` and ``"simt-plain"``.

    Raises
    ------
    TypeError, ValueError
        Not the name of a backend.
    RuntimeError
        Another than ``"reference"`` where the compiled kernels are not built.

    Examples
    --------
    >>> import roikit
    >>> with roikit.use_backend("reference"):
    ...     roikit.bin_edges(5, 2, convention="disjoint").tolist()
    [[0, 2], [2, 5]]
    """
    chosen = text(name)
    if chosen is None:
        raise TypeError(f"the backend must be named by a string; got {shown(name)}")
    if chosen not in BACKENDS:
        names = ", ".join(map(repr, BACKENDS[:-1]))
        raise ValueError(f"the backend must be {names} or {BACKENDS[-1]!r}; got {shown(name)}")
    if chosen != "reference" and (missing := missing_kernels()):
        raise RuntimeError(f"the compiled kernels are not built here ({', '.join(missing)} missing)")
    token = _chosen.set(chosen)
    try:
        yield
    finally:
        _chosen.reset(token)


def kernel(
    operation: str, size: int = 0, num_threads: int | None = None, *, narrow: bool = False,
    outs: tuple[int, ...] = (2,), array: Any = None, deterministic: bool = True,
) -> Callable[..., Any]:
    """The function that computes `operation` on the backend in use; it writes into the arrays it is given.

    `size` is how many elements are computed. Where there are `narrow` arrays among the arguments (see
    `_arrays.widely`) the function takes these as well, and writes to arguments `outs`. An `array` of CuPy
    among them is computed on its GPU.
    """
    chosen = _chosen.get()
    simulated = chosen in ("simt", "simt-plain") and operation in _on_gpu.operations()
    if simulated or (array is not None and _on_gpu.is_on_gpu(array)):
        return _on_gpu.compute(operation, array, outs, plain=is_plain(), deterministic=deterministic)
    if chosen == "fast" or (size >= ENOUGH and chosen in (None, "cpu")):
        fast = _fast(operation)
        if fast is not None:
            return functools.partial(fast, num_threads=_validate.num_threads(num_threads))
    compiled = None
    if chosen != "reference":
        compiled = _compiled(operation)
        if compiled is None:
            _warn_once()
    compute = compiled or _definition(operation)
    return _arrays.widely(compute, outs) if narrow else compute


def is_plain() -> bool:
    """Whether readable kernels are asked for where there are faster ones."""
    return _chosen.get() in ("plain", "simt-plain")


def is_fast(compute: Callable[..., Any]) -> bool:
    """Whether this is a fast kernel, of those that `kernel` gives."""
    return isinstance(compute, functools.partial) and "num_threads" in compute.keywords


def backend() -> str:
    """Name of the backend that a call made now would use."""
    return _chosen.get() or ("reference" if missing_kernels() else "cpu")


def missing_kernels() -> tuple[str, ...]:
    """Operations whose compiled kernel is not built; normally none, without a C compiler all."""
    return tuple(name for name in _with_kernels() if _compiled(name) is None)


@functools.cache
def _with_kernels() -> tuple[str, ...]:
    """The operations that are not made of others."""
    operations = (module.name for module in pkgutil.iter_modules(reference.__path__))
    sources = {path.stem for path in Path(__file__).with_name("cpu").glob("_*.pyx")}
    return tuple(name for name in operations if f"_{name}" in sources)


@functools.cache
def _compiled(operation: str) -> Callable[..., Any] | None:
    try:
        module: Any = import_module(f"roikit.cpu._{operation}")
    except ImportError:
        return None
    return getattr(module, operation)


@functools.cache
def _fast(operation: str) -> Callable[..., Any] | None:
    try:
        return getattr(import_module(f"roikit.cpu.fast.{operation}"), operation)
    except ImportError:  # not built, or no kernel can be faster than the plain one
        return None


@functools.cache
def _definition(operation: str) -> Callable[..., Any]:
    return getattr(import_module(f"roikit.reference.{operation}"), operation)


@functools.cache
def _warn_once() -> None:
    warnings.warn(
        "roikit's compiled kernels are not built here: the NumPy definitions compute instead, with the "
        "same answers, slowly. Reinstall roikit where a C compiler is present to build them.",
        RuntimeWarning,
        stacklevel=4,  # the caller of the operation
    )
