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
from typing import Any

from grader.records import SubmissionResult

#: Bytes of one result, unpacked; the largest of an honest one are its pictures, some 100 KiB.
MAX_RESULT = 64 << 20


class NoResult(ValueError):
    """Text, or a part of it, that is not what was packed."""


def pack(result: SubmissionResult) -> str:
    """`result` as ASCII text on one line. The pictures make it large and pack well: to about a sixth."""
    plain = json.dumps(dataclasses.asdict(result), allow_nan=False, separators=(",", ":"))
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


def from_plain(kind: Any, value: Any) -> Any:
    """A record of the given kind out of mappings, lists, text and numbers: every field there, no other, each
    of its type. NoResult where that is not so.
    """
    if dataclasses.is_dataclass(kind):
        fields = _fields(kind)
        if not isinstance(value, dict) or set(value) != set(fields):
            raise NoResult(f"not the fields of a {kind.__name__}")
        return kind(**{name: from_plain(of, value[name]) for name, of in fields.items()})
    origin, inner = typing.get_origin(kind), typing.get_args(kind)
    if origin is typing.Literal:
        is_right = isinstance(value, str) and value in inner
    elif origin is tuple and isinstance(value, list):
        return tuple(from_plain(inner[0], entry) for entry in value)
    elif origin in (typing.Union, types.UnionType):
        return None if value is None else from_plain(inner[0], value)
    elif kind is float:
        is_right = type(value) in (int, float) and abs(value) <= sys.float_info.max
    else:
        is_right = type(value) is kind
    if not is_right:
        raise NoResult(f"{value!r:.60} is no {getattr(kind, '__name__', kind)}")
    return value


@functools.cache
def _fields(kind: Any) -> dict[str, Any]:
    return typing.get_type_hints(kind)
