"""What a stranger's program says about its own launch, held to the words that an honest one would use.

The program that runs a kernel writes its findings and counts itself, and the kernel can write in its place.
So every line is looked at before anything reads a meaning out of it: plain JSON of a known shape, of sizes
that a report has. A report that passes may still be a lie, but it is only a report.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

from grader.sandbox.protocol import ProtocolError, json_object
from grader.sandbox.text import clean
from roikit.simt.findings import read_findings
from roikit.simt.traffic import read_traffic, sampling_notes

MAX_BYTES = 4 << 20
MAX_LINES = 4000
MAX_LINE = 4000
MAX_TEXT = 300
MAX_NUMBER = 1 << 63
_KIND = re.compile(r"[a-z][a-z-]{0,30}")


class Forged(ValueError):
    """Not a report that our own engine writes; the message says in which way."""


def check(path: Path) -> None:
    """Raises Forged unless the file is one that `roikit.simt` can read without surprises.

    A launch that crashed at once leaves none, and that is no forgery.
    """
    if not path.is_file():
        return
    if path.stat().st_size > MAX_BYTES:
        raise Forged("the report is too long")
    *lines, rest = path.read_bytes().split(b"\n")  # what follows the last newline was cut short by the end
    if len(lines) > MAX_LINES or len(rest) > MAX_LINE:
        raise Forged("the report has too many lines")
    records = [_record(line) for line in lines]
    if any(set(_NEEDED.get(record["kind"], ())) - record.keys() for record in records):
        raise Forged("a line of the report lacks what such a line has")
    try:
        read_findings(records, _anywhere, "kernel.cu")
        read_traffic(records, _anywhere)
        sampling_notes(records)
    except (LookupError, TypeError, ValueError, AttributeError, ArithmeticError):
        raise Forged("a line of the report lacks what such a line has") from None


def _record(line: bytes) -> dict[str, Any]:
    if len(line) > MAX_LINE:
        raise Forged("a line of the report is too long")
    try:
        record = json_object(_ascii(line))
    except (ProtocolError, UnicodeDecodeError):
        raise Forged("a line of the report is not JSON") from None
    if type(record.get("kind")) is not str or not _KIND.fullmatch(record["kind"]):
        raise Forged("a line of the report has no kind")
    _check_fields(record)
    return record


def _ascii(line: bytes) -> bytes:
    """The same JSON in ASCII: a kernel's names may hold any letter."""
    return re.sub(r"[^\0-\x7f]", lambda letter: json.dumps(letter[0])[1:-1], line.decode()).encode()


def _check_fields(record: dict[str, Any]) -> None:
    for name, value in record.items():
        is_other = name == "other" and type(value) is dict and "other" not in value
        if is_other:
            _check_fields(value)
        elif not _FIELDS.get(name, _is_plain)(value):
            raise Forged(f"a line of the report has a strange {name[:30]}")


def _is_plain(value: Any) -> bool:
    return _is_text(value) or _is_number(value)


def _is_text(value: Any) -> bool:
    return type(value) is str and value == clean(value, MAX_TEXT)


def _is_number(value: Any) -> bool:
    return type(value) in (int, float, bool) and -MAX_NUMBER <= value <= MAX_NUMBER


def _is_count(value: Any) -> bool:
    return type(value) is int and 0 <= value <= MAX_NUMBER


def _is_place(value: Any) -> bool:
    return type(value) is list and len(value) == 3 and all(map(_is_count, value))


def _is_address(value: Any) -> bool:
    return type(value) is str and re.fullmatch("0x[0-9a-f]{1,16}", value) is not None


#: What is read of lines that are no findings; of those `read_findings` needs what it words.
_NEEDED = {"timeout": ("pc", "seconds", "thread", "block"), "end": ("seconds", "threads")}
_COUNTS = ("line", "requests", "lanes", "sectors", "lines", "wavefronts", "size", "count", "threads")
_FIELDS: dict[str, Callable[[Any], bool]] = {
    "seconds": _is_number, "thread": _is_place, "block": _is_place, "pc": _is_address,
    **dict.fromkeys(_COUNTS, _is_count),
}  # fmt: skip


def _anywhere(pc: str) -> tuple[str, int]:
    return "kernel.cu", 1
