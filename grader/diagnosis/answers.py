"""What a call came to, in a form that is quickly compared: the student's word and a candidate's alike."""

from __future__ import annotations

import hashlib
import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from grader.records import CallOutcome, CallRecord

#: Relative and absolute, of numbers made in float64; in float32 they are known less well.
TOLERANCE, TOLERANCE_FLOAT32 = 1e-6, 1e-4
#: More numbers than any input of a teaching test asks for.
MAX_NUMBERS = 100_000
_NUMBERS = frozenset({bool, int, float})


@dataclass(frozen=True, eq=False)
class Answer:
    """A value, or an exception; both may come with arguments that were changed in place."""

    numbers: NDArray[np.float64] | None  # None: an exception, or no numbers
    error: str = ""  # the type of the exception, or a sentence with it
    dtype: str = ""  # of a floating-point array
    changed: tuple[int, ...] = ()

    @property
    def form(self) -> tuple:
        """What answers that can be stacked have in common."""
        shape = None if self.numbers is None else self.numbers.shape
        return self.error, shape, self.dtype, self.changed

    @property
    def is_error(self) -> bool:
        return bool(self.error)

    def same(self, other: Answer) -> bool:
        """Equal within the rounding of floating-point arithmetic; lists and arrays are interchangeable."""
        return self.is_comparable(other) and (self.is_error or bool(self.close(other).all()))

    def is_comparable(self, other: Answer) -> bool:
        """Whether only the numbers are left to compare; of two exceptions, nothing is."""
        if self.is_error or other.is_error:
            both = self.is_error and other.is_error
            return both and (self.error in other.error or other.error in self.error)
        same_dtype = not (self.dtype and other.dtype) or self.dtype == other.dtype
        return self.has_shape(other) and same_dtype and self.changed == other.changed

    def has_shape(self, other: Answer) -> bool:
        """Whether both are numbers, of one shape."""
        mine, theirs = self.numbers, other.numbers
        return mine is not None and theirs is not None and mine.shape == theirs.shape

    def close(self, other: Answer) -> NDArray[np.bool_]:
        """Which numbers of two answers of one shape agree."""
        mine, theirs = self.numbers, other.numbers
        tolerance = TOLERANCE_FLOAT32 if "float32" in (self.dtype, other.dtype) else TOLERANCE
        with np.errstate(invalid="ignore", over="ignore"):
            near = np.isfinite(theirs) & (np.abs(mine - theirs) <= tolerance * (1 + np.abs(theirs)))
        return near | (mine == theirs) | (np.isnan(mine) & np.isnan(theirs))

    def share(self, other: Answer) -> float:
        """The share of numbers that agree: 0 where the shapes already differ."""
        return float(self.close(other).mean()) if self.has_shape(other) and self.numbers.size else 0.0


def answer(outcome: CallOutcome) -> Answer | None:
    """The answer of a call; None where it came to no end of its own (a limit), which says nothing."""
    if outcome.status == "error":
        return Answer(None, error=outcome.sentence or "error")
    if outcome.status != "returned":
        return None
    value = outcome.value
    is_array = isinstance(value, np.ndarray)
    dtype = value.dtype.name if is_array and value.dtype.kind == "f" else ""
    return Answer(_numbers(value), dtype=dtype, changed=outcome.changed)


def _numbers(value: Any) -> NDArray[np.float64] | None:
    """Real numbers as an array; None for anything else. A student's value may be anything."""
    if count(value) > MAX_NUMBERS:  # counted first: of one long text in a list NumPy makes gigabytes
        return None
    try:
        with np.errstate(all="ignore"):
            array = np.asarray(value)
            return array.astype(np.float64) if array.dtype.kind in "biuf" else None
    except (ValueError, OverflowError):  # ragged, or integers beyond floating point
        return None


def count(value: Any, other: float = math.inf) -> float:
    """How many numbers a value holds; whatever is none counts as `other`."""
    if type(value) in _NUMBERS:  # most are
        return 1
    if isinstance(value, (np.ndarray, np.generic)):
        return value.size if value.dtype.kind in "biuf" else max(value.size, other)
    if isinstance(value, (list, tuple)):
        return sum(count(entry, other) for entry in value)
    return 1 if isinstance(value, (bool, int, float)) else other


def trimmed(records: Iterable[CallRecord]) -> tuple[CallRecord, ...]:
    """The same without the values that are no `Answer`'s numbers, and without calls on as much."""
    small = (one for one in records if count([*one.args, *one.kwargs.values()], other=1) <= MAX_NUMBERS)
    return tuple(
        one
        if count(one.outcome.value) <= MAX_NUMBERS
        else replace(one, outcome=replace(one.outcome, value=None))
        for one in small
    )


def digest(*values: Any) -> str:
    """Equal for equal arguments of a call, in every process."""
    sink = hashlib.blake2b(digest_size=16)
    for value in values:
        _feed(sink, value)
    return sink.hexdigest()


def _feed(sink: Any, value: Any) -> None:
    if isinstance(value, np.ndarray):
        sink.update(f"{value.dtype.str}{value.shape}".encode())
        sink.update(np.ascontiguousarray(value).tobytes())
    elif isinstance(value, (list, tuple)):
        sink.update(f"[{len(value)}".encode())
        for entry in value:
            _feed(sink, entry)
    elif isinstance(value, Mapping):
        sink.update(f"{{{len(value)}".encode())
        for entry in sorted(value.items(), key=lambda entry: repr(entry[0])):
            _feed(sink, entry)
    else:
        sink.update(f"{type(value).__name__}{value!r};".encode())
