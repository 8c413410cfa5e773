"""The sentences about results that a student reads, in one place. Pure: facts in, text out.

What a call came to (an exception, a limit) is worded by ``grader.sandbox``, where it is known.
"""

from __future__ import annotations

import math
from itertools import groupby
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from grader.compare import Axis, Comparison


# ------------------------------------------------------------------ a result that differs
def mismatch(found: Comparison) -> str:
    """Return the sentence of a comparison that failed.

    >>> import numpy as np; from grader.compare import compare
    >>> mismatch(compare(np.array([[[[1.0, 0.0]]]]), [[[[1.0, 2.0]]]]))
    'RoI 0, channel 0, bin (0, 1): expected 2, got 0'
    """
    return _SENTENCES[found.difference](found)


def _kind(found: Comparison) -> str:
    if found.found == "None":
        return "the result is None: is a `return` missing?"
    wanted = "true or false" if found.expected.dtype.kind == "b" else "a number"
    if found.expected.ndim:
        wanted = f"{'booleans' if wanted != 'a number' else 'numbers'} of shape {found.expected.shape}"
    return f"the result is {found.found}, expected {wanted}"


def _ragged(found: Comparison) -> str:
    return f"the rows of the result have different lengths, expected shape {found.wanted}"


def _shape(found: Comparison) -> str:
    if found.wanted == "()":
        return f"the result has shape {found.found}, expected a single number"
    if found.found == "()":
        return f"the result is a single number, expected shape {found.wanted}"
    return f"the result has shape {found.found}, expected {found.wanted}"


def _dtype(found: Comparison) -> str:
    return f"the result is {found.found}, expected {found.wanted}"


def _values(found: Comparison) -> str:
    expected, got = _pair(found.expected[found.index].item(), found.actual[found.index].item())
    place = _place(found.index, found.axes)
    others = found.differing - 1
    more = f" (and {others} more of {found.expected.size} differ)" if others else ""
    return f"{place}expected {expected}, got {got}{more}"


_SENTENCES = {"kind": _kind, "ragged": _ragged, "shape": _shape, "dtype": _dtype, "values": _values}


def _place(index: tuple[int, ...], axes: tuple[Axis, ...] | None) -> str:
    """``"RoI 0, channel 0, bin (1, 0): "``, or ``"x1: "`` by name; nothing for a single number."""
    if not index:
        return ""
    if axes is None:
        return f"entry {index[0] if len(index) == 1 else index}: "
    places = []
    for name, group in groupby(zip(axes, index, strict=True), key=lambda pair: pair[0]):
        at = tuple(i for _, i in group)
        if isinstance(name, tuple):
            places.append(name[at[0]])
        else:
            places.append(f"{name} {at[0] if len(at) == 1 else at}")
    return ", ".join(places) + ": "


def _pair(expected: Any, got: Any) -> tuple[str, str]:
    """Two numbers with as few digits as still tell them apart."""
    for digits in (6, 9, 12, 17):
        texts = _number(expected, digits), _number(got, digits)
        if texts[0] != texts[1]:
            return texts
    return texts


def _number(value: Any, digits: int) -> str:
    if isinstance(value, (bool, int)):
        return str(value)
    value = float(value)  # a long double too
    return f"{value:.{digits}g}" if math.isfinite(value) else str(value)


def another_convention(words: str) -> str:
    """What is added for a student who computed, correctly, what was not asked for."""
    return f"; these are the numbers of {words}" if words else ""


# ------------------------------------------------------------------ a case, a submission
def not_so(idea: str) -> str:
    """A plain ``assert`` without a message: the case's idea has to do."""
    return f"this does not hold: {idea}"


def not_graded(reason: str) -> str:
    """For the instructor: our failure, which is nobody's zero."""
    return f"not graded: {reason}"
