"""Expected against actual, told as facts; ``grader.feedback`` makes the sentence of it.

``actual`` is whatever a student's function gave back: huge integers, NaN, ragged or deep lists, megabytes of
text. Nothing here grows with it: a list is looked at only as far as the expected shape reaches.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np

#: What went wrong first, in the order in which it is looked for.
Difference = Literal["", "kind", "ragged", "shape", "dtype", "values"]
#: Axis names of an operation's output; equal neighbours are told as one pair: "bin (1, 0)".
OUTPUT_AXES = ("RoI", "channel", "bin", "bin")
#: Kinds of numbers that `dtype` may name instead of one exact type.
FAMILIES = {np.integer: "integers", np.floating: "floating-point numbers"}
#: What an axis of a result is called; a tuple names its positions.
Axis = str | tuple[str, ...]
#: Deeper nesting than NumPy has axes is no array; it is not followed.
MAX_DEPTH = 32


@dataclass(frozen=True)
class Comparison:
    """What one comparison found; ``difference`` is empty when the two agree."""

    difference: Difference
    expected: np.ndarray
    actual: np.ndarray | None = None  # numbers of the expected shape, or None
    found: str = ""  # the kind, shape or dtype that came instead
    wanted: str = ""
    index: tuple[int, ...] | None = None  # of the first value that differs
    differing: int = 0  # how many values differ
    axes: tuple[Axis, ...] | None = None
    tolerances: tuple[float, float] = (0.0, 0.0)  # relative and absolute, of values that differ

    @property
    def matches(self) -> bool:
        return not self.difference


class _Odd(Exception):
    """The actual value is no array of the expected shape; carries (difference, found)."""


def compare(
    actual: Any,
    expected: Any,
    *,
    rtol: float = 1e-6,
    atol: float = 1e-6,
    dtype: Any = None,
    axes: Sequence[Axis] | None = None,
) -> Comparison:
    """Compare what a student's function returned with what it should have returned.

    Parameters
    ----------
    actual : anything
        Arrays, numbers, lists and tuples of them are interchangeable.
    expected : array_like
        Real numbers or booleans. Integers against integers are compared exactly.
    rtol, atol : float, default 1e-6
        ``|actual - expected| <= atol + rtol * |expected|``. NaN equals NaN alone, an infinity itself alone.
    dtype : data type, optional
        An exact one (``np.float32``: then `actual` must be an array of it) or a family (``np.integer``).
    axes : sequence of str or of tuples of str, optional
        One name per axis of `expected`, or a name for each position: ``(("y", "x"),)``. A 4-d `expected`
        is read as (RoI, channel, bin, bin).

    Returns
    -------
    Comparison
        For example, 0.69 for 0.97 in bin (1, 0) gives ``difference="values"``, ``index=(0, 0, 1, 0)``.

    Raises
    ------
    ValueError
        If `expected` holds no numbers or `axes` does not name each of its axes: the test is at fault.
    """
    wanted = np.asarray(expected)
    if wanted.dtype.kind not in "biuf":
        raise ValueError(f"expected must hold real numbers or booleans, got dtype {wanted.dtype}")
    names = tuple(axes) if axes is not None else OUTPUT_AXES if wanted.ndim == 4 else None
    if names is not None and len(names) != wanted.ndim:
        raise ValueError(f"axes must name the {wanted.ndim} axes of expected, got {names}")
    try:
        given = _numbers(actual, wanted)
    except _Odd as odd:
        difference, found = odd.args
        return Comparison(difference, wanted, found=found, wanted=str(wanted.shape), axes=names)
    if dtype is not None and not _has_dtype(actual, given, dtype):
        return Comparison("dtype", wanted, given, *_dtypes_told(actual, given, dtype), axes=names)
    differs = np.flatnonzero(~_close(given, wanted, rtol, atol))
    if not differs.size:
        return Comparison("", wanted, given, axes=names)
    index = tuple(int(i) for i in np.unravel_index(differs[0], wanted.shape))
    return Comparison("values", wanted, given, "", "", index, int(differs.size), names, (rtol, atol))


# ------------------------------------------------------------------ reading the student's value
def _numbers(value: Any, expected: np.ndarray) -> np.ndarray:
    """`value` as an array of real numbers (or booleans) of the shape of `expected`."""
    if isinstance(value, (np.ndarray, np.generic)):
        array = np.asarray(value)
    else:
        _check_shape(_shape_of(value), expected)
        array = _gather(value, expected)
    if array.dtype.kind not in "biuf":
        raise _Odd("kind", f"an array of dtype {array.dtype.name}"[:60])
    if (array.dtype.kind == "b") != (expected.dtype.kind == "b"):
        raise _Odd("kind", "booleans" if array.dtype.kind == "b" else "numbers")
    _check_shape(array.shape, expected)
    return array


def _check_shape(shape: tuple[int, ...], expected: np.ndarray) -> None:
    if shape != expected.shape:
        raise _Odd("shape", str(shape))


def _shape_of(value: Any) -> tuple[int, ...]:
    """Lengths along the first entries: the shape that a regular nested sequence has."""
    shape: tuple[int, ...] = ()
    while isinstance(value, (list, tuple)):
        shape += (len(value),)
        if not value or len(shape) > MAX_DEPTH:
            return shape
        value = value[0]
    if isinstance(value, (np.ndarray, np.generic)):
        return shape + np.shape(value)
    if not isinstance(value, (bool, int, float)):
        raise _Odd("kind", ("a sequence of " if shape else "") + _kind_of(value))
    return shape


def _gather(value: Any, expected: np.ndarray) -> np.ndarray:
    """The numbers of a nested sequence whose first entries have the expected lengths."""
    leaves = list(_leaves(value, expected.shape))
    if not leaves:
        return np.zeros(expected.shape, expected.dtype)
    kinds = {type(leaf) is bool or isinstance(leaf, np.bool_) for leaf in leaves}
    if kinds == {True, False}:
        raise _Odd("kind", "booleans mixed with numbers")
    return np.array([_bounded(leaf) for leaf in leaves]).reshape(expected.shape)


def _leaves(value: Any, shape: tuple[int, ...]) -> Iterator[Any]:
    if isinstance(value, np.ndarray):
        if value.shape != shape:
            raise _Odd("ragged", "")
        if value.dtype.kind not in "biuf":
            raise _Odd("kind", f"a sequence of arrays of dtype {value.dtype.name}"[:80])
        yield from value.ravel().tolist()
    elif isinstance(value, (list, tuple)):
        if not shape or len(value) != shape[0]:
            raise _Odd("ragged", "")
        for entry in value:
            yield from _leaves(entry, shape[1:])
    elif shape:
        raise _Odd("ragged", "")
    elif not isinstance(value, (bool, int, float, np.bool_, np.integer, np.floating)):
        raise _Odd("kind", f"a sequence with {_kind_of(value)} in it")
    else:
        yield value


def _bounded(number: Any) -> Any:
    """An integer beyond int64 as the nearest finite float: never equal to an index, never an overflow."""
    if not isinstance(number, int) or -(2**63) <= number < 2**63:
        return number
    try:
        return float(number)
    except OverflowError:
        return math.copysign(np.finfo(float).max, 1 if number > 0 else -1)


def _kind_of(value: Any) -> str:
    if value is None:
        return "None"
    if isinstance(value, str):
        return "text"
    name = type(value).__name__[:40]
    return f"{'an' if name[:1] in 'aeiou' else 'a'} {name}"


# ------------------------------------------------------------------ agreeing
def _has_dtype(actual: Any, given: np.ndarray, dtype: Any) -> bool:
    if dtype in FAMILIES:  # sequences do as well
        return bool(np.issubdtype(given.dtype, dtype))
    return isinstance(actual, (np.ndarray, np.generic)) and actual.dtype == np.dtype(dtype)


def _dtypes_told(actual: Any, given: np.ndarray, dtype: Any) -> tuple[str, str]:
    """What came and what was asked for, as words."""
    if dtype in FAMILIES:
        families = [name for kind, name in FAMILIES.items() if np.issubdtype(given.dtype, kind)]
        return " or ".join(families) or "booleans", FAMILIES[dtype]
    asked = f"an array of dtype {np.dtype(dtype).name}"
    if isinstance(actual, (np.ndarray, np.generic)):
        return f"an array of dtype {given.dtype.name}", asked
    return _kind_of(actual), asked


def _close(actual: np.ndarray, expected: np.ndarray, rtol: float, atol: float) -> np.ndarray:
    if actual.dtype.kind in "biu" and expected.dtype.kind in "biu":
        return np.asarray(actual == expected)
    a, e = actual.astype(np.float64), expected.astype(np.float64)
    with np.errstate(all="ignore"):
        near = np.isfinite(e) & (np.abs(a - e) <= atol + rtol * np.abs(e))
    # an infinity has no neighbourhood, and NaN compares false
    return near | (a == e) | (np.isnan(a) & np.isnan(e))
