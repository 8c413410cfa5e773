"""Arguments of Python's own kinds, taken at what they are: a subclass may say anything of itself.

Nothing here asks an argument's ``__class__``, ``__eq__``, ``__len__`` or ``__iter__``.
"""

from __future__ import annotations

import math
import numbers
import operator
import reprlib
from collections.abc import Callable, Iterable
from typing import Any

import numpy as np

_REPR = reprlib.Repr()
_REPR.maxstring = _REPR.maxlong = _REPR.maxother = LONGEST = 100


def shown(value: object) -> str:
    """The value in a sentence: as it is written in code, on one line, cut off where it is long."""
    if issubclass(type(value), int) and int.bit_length(value) > 1000:  # type: ignore[arg-type]
        return f"an int of {int.bit_length(value)} bits"  # type: ignore[arg-type]
    return _cut(value, _REPR.repr)


def said(value: object) -> str:
    """A dtype, a shape or an error in a sentence: its words on one line, cut off where they are many."""
    return _cut(value, str)


def _cut(value: object, write: Callable[[object], str]) -> str:
    try:
        line = " ".join(write(value).split())
    except Exception:  # its own __repr__ may raise anything
        line = f"an unprintable {type(value).__name__}"
    return line if len(line) <= LONGEST else f"{line[: LONGEST - 3]}..."


def whole(value: object) -> int | None:
    """The value as an int, or None where it is no whole number. A bool is no number."""
    if type(value) in (bool, np.bool_):
        return None
    try:
        return int.__index__(operator.index(value))  # type: ignore[arg-type]
    except Exception:  # its own __index__ may raise anything
        return None


def real(value: object) -> float | None:
    """The value as a float, or None where it is no real number; OverflowError where it is too large."""
    if type(value) in (bool, np.bool_) or not isinstance(value, numbers.Real):
        return None
    try:
        number = float(value)
    except OverflowError:
        raise
    except Exception:  # its own __float__ may raise anything
        return None
    if math.isinf(number) and value != number:  # a long double
        raise OverflowError
    return number


def text(value: object) -> str | None:
    return str.__str__(value) if issubclass(type(value), str) else None  # type: ignore[arg-type]


def listed(names: Iterable[str]) -> str:
    """'avg', 'max': as they are written in code."""
    return ", ".join(map(repr, names))


def items(value: object) -> list[Any] | None:
    """What a list or a tuple holds, or None where it is neither."""
    for kind in (list, tuple):
        if issubclass(type(value), kind):
            return list(kind.__iter__(value))  # type: ignore[arg-type]
    return None
