"""The picture of a failing bin, drawn once: a class makes the same mistakes on the same inputs.

A picture takes as long as thirty cases. One that ``functools.partial`` asks of roikit is made of that call's
arguments and of the two results, so what is equal in all of these looks the same.
"""

from __future__ import annotations

import hashlib
from functools import partial
from typing import Any

import numpy as np

from grader.compare import Comparison

#: Kept pictures, of some ten thousand characters each; those asked for last.
MAX_KEPT = 300

_kept: dict[tuple, str] = {}


def drawn(explanation: Any, found: Comparison) -> str:
    """The failing bin as SVG text, from an explanation or from what makes one."""
    key = _key(explanation, found)
    svg = _kept.pop(key, None) if key is not None else None
    if svg is None:
        svg = explained(explanation).picture(found.index, expected=found.expected, got=found.actual).svg
    if key is not None:
        _kept[key] = svg
        if len(_kept) > MAX_KEPT:
            del _kept[next(iter(_kept))]
    return svg


def explained(explanation: Any) -> Any:
    """The explanation itself; a function without arguments makes it."""
    return explanation() if callable(explanation) else explanation


def _key(explanation: Any, found: Comparison) -> tuple | None:
    """All that the picture is made of; None where nobody knows."""
    made_by = getattr(getattr(explanation, "func", None), "__module__", None) or ""
    if type(explanation) is not partial or made_by.partition(".")[0] != "roikit":
        return None
    arguments = explanation.args, tuple(explanation.keywords.items())
    try:
        return explanation.func, _content((*arguments, found.index, found.expected, found.actual))
    except TypeError:
        return None


def _content(value: Any) -> tuple:
    """Equal for values that are equal to the last bit; TypeError for what is no array, number or list."""
    kind = type(value)
    if kind is tuple or kind is list:
        return kind, *map(_content, value)
    if kind in (int, float, bool, str, type(None)):
        return kind, repr(value)
    if kind is np.ndarray and value.dtype.kind in "biuf":
        bits = hashlib.blake2b(np.ascontiguousarray(value), digest_size=16)
        return value.dtype.str, value.shape, bits.digest()
    raise TypeError(kind)
