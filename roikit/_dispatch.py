"""From an operation's name to what computes it: ``roikit.cpu._NAME`` or ``roikit.reference.NAME``."""

from __future__ import annotations

import functools
import pkgutil
import warnings
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from importlib import import_module
from typing import Any

from roikit import reference
from roikit._plain import shown, text

BACKENDS = ("reference", "cpu")

_chosen: ContextVar[str | None] = ContextVar("roikit_backend", default=None)


@contextmanager
def use_backend(name: str) -> Iterator[None]:
    """Compute with the named backend inside a ``with`` block.

    Parameters
    ----------
    name : {"reference", "cpu"}
        ``"reference"`` is the definition in plain NumPy, slow; ``"cpu"`` the compiled kernels, and the
        default where they are built. Both give the same answers and the same errors. The choice holds for
        this thread (or task).

    Raises
    ------
    TypeError, ValueError
        Not the name of a backend.
    RuntimeError
        ``"cpu"`` where the compiled kernels are not built.

    Examples
    --------
    >>> import roikit
    >>> with roikit.use_backend("reference"):
    ...     roikit.bin_edges(5, 2, convention="disjoint").tolist()
    [[0, 2], [2, 5]]
    """
    chosen = text(name)
    if chosen is None:
        raise TypeError(f"the backend must be named by a string, 'reference' or 'cpu'; got {shown(name)}")
    if chosen not in BACKENDS:
        raise ValueError(f"the backend must be 'reference' or 'cpu'; got {shown(name)}")
    if chosen == "cpu" and (missing := missing_kernels()):
        raise RuntimeError(f"the compiled kernels are not built here ({', '.join(missing)} missing)")
    token = _chosen.set(chosen)
    try:
        yield
    finally:
        _chosen.reset(token)


def kernel(operation: str) -> Callable[..., None]:
    """The function that computes `operation` on the backend in use; it writes into the arrays it is given."""
    compiled = None
    if _chosen.get() != "reference":
        compiled = _compiled(operation)
        if compiled is None:
            _warn_once()
    return compiled or _definition(operation)


def backend() -> str:
    """Name of the backend that a call made now would use."""
    return _chosen.get() or ("reference" if missing_kernels() else "cpu")


def missing_kernels() -> tuple[str, ...]:
    """Operations whose compiled kernel is not built; normally none, without a C compiler all."""
    operations = (module.name for module in pkgutil.iter_modules(reference.__path__))
    return tuple(operation for operation in operations if _compiled(operation) is None)


@functools.cache
def _compiled(operation: str) -> Callable[..., None] | None:
    try:
        module: Any = import_module(f"roikit.cpu._{operation}")
    except ImportError:
        return None
    return getattr(module, operation)


@functools.cache
def _definition(operation: str) -> Callable[..., None]:
    return getattr(import_module(f"roikit.reference.{operation}"), operation)


@functools.cache
def _warn_once() -> None:
    warnings.warn(
        "roikit's compiled kernels are not built here: the NumPy definitions compute instead, with the "
        "same answers, slowly. Reinstall roikit where a C compiler is present to build them.",
        RuntimeWarning,
        stacklevel=4,  # the caller of the operation
    )
