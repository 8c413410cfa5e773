"""`grader.records.SubmissionResult` <-> text for the journal; what comes back is checked field by field."""

from __future__ import annotations

import base64
import dataclasses
import functools
import json
import sys
import types
import typing
import zlib
from collections.abc import Callable, Hashable
from typing import Any

from grader.records import CaseResult, SubmissionResult

#: Bytes of one result, unpacked; the largest of an honest one are its pictures, some 100 KiB.
MAX_RESULT = 64 << 20


class NoResult(ValueError):
    """Text, or a part of it, that is not what was packed."""


def pack(result: SubmissionResult) -> str:
    """`result` as ASCII text on one line. The pictures make it large and pack well: to about a sixth."""
    plain = json.dumps(result, default=_plain, allow_nan=False, separators=(",", ":"))
    return base64.b64encode(zlib.compress(plain.encode("ascii"))).decode("ascii")


def unpack(text: str) -> SubmissionResult:
    """What `pack` made; NoResult for any other text."""
    try:
        unpacker = zlib.decompressobj()
        plain = unpacker.decompress(base64.b64decode(text, validate=True), MAX_RESULT)
        if not unpacker.eof:
            raise NoResult("the packed result is cut off or too large")
        return from_plain(SubmissionResult, json.loads(plain))
    except (ValueError, zlib.error, RecursionError) as problem:
        raise NoResult(str(problem)) from None


def with_pictures(result: SubmissionResult, change: Callable[[str], str]) -> SubmissionResult:
    """The result with what `change` makes of each picture in it."""
    if not any(case.picture for item in result.items for case in item.cases):
        return result

    def changed(case: CaseResult) -> CaseResult:
        return dataclasses.replace(case, picture=change(case.picture)) if case.picture else case

    items = (dataclasses.replace(item, cases=tuple(map(changed, item.cases))) for item in result.items)
    return dataclasses.replace(result, items=tuple(items))


def _plain(record: Any) -> dict[str, Any]:
    """A record as a mapping, one level of it."""
    if not dataclasses.is_dataclass(record):
        raise TypeError(f"{type(record).__name__} is no record")
    return {name: getattr(record, name) for name in _fields(type(record))}


def from_plain(kind: Any, value: Any) -> Any:
    """A record of the given kind out of mappings, lists, text and numbers: every field there, no other, each
    of its type. NoResult where that is not so.
    """
    return _reader(kind)(value)


# ------------------------------------------------------------------ a reader for each type, made once
@functools.cache
def _fields(kind: Hashable) -> dict[str, Any]:
    return typing.get_type_hints(kind)


@functools.cache
def _reader(kind: Any) -> Callable[[Any], Any]:
    """What turns a plain value into one of this type, or raises NoResult."""
    origin, inner = typing.get_origin(kind), typing.get_args(kind)
    if dataclasses.is_dataclass(kind):
        return _record_reader(kind)
    if origin is tuple:
        return _tuple_reader(kind, _reader(inner[0]))
    if origin in (typing.Union, types.UnionType):
        of = _reader(inner[0])
        return lambda value: None if value is None else of(value)
    if origin is typing.Literal:
        words = frozenset(inner)
        return _checked(kind, lambda value: isinstance(value, str) and value in words)
    if kind is float:
        most = sys.float_info.max
        return _checked(kind, lambda value: type(value) in (int, float) and abs(value) <= most)
    return _checked(kind, lambda value: type(value) is kind)


def _record_reader(kind: Any) -> Callable[[Any], Any]:
    readers = {name: _reader(of) for name, of in _fields(kind).items()}

    def read(value: Any) -> Any:
        if not isinstance(value, dict) or value.keys() != readers.keys():
            raise NoResult(f"not the fields of a {kind.__name__}")
        return kind(**{name: reader(value[name]) for name, reader in readers.items()})

    return read


def _tuple_reader(kind: Any, of: Callable[[Any], Any]) -> Callable[[Any], Any]:
    def read(value: Any) -> Any:
        if not isinstance(value, list):
            raise _no(kind, value)
        return tuple(map(of, value))

    return read


def _checked(kind: Any, is_right: Callable[[Any], bool]) -> Callable[[Any], Any]:
    def read(value: Any) -> Any:
        if not is_right(value):
            raise _no(kind, value)
        return value

    return read


def _no(kind: Any, value: Any) -> NoResult:
    return NoResult(f"{value!r:.60} is no {getattr(kind, '__name__', kind)}")
