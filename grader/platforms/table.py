"""A CSV file of a stranger: read strictly, written back so that no spreadsheet runs a cell of it."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from grader.errors import GraderError
from grader.intake.extract import shown
from grader.report.scores_csv import inert
from grader.sandbox.limits import MIB, show_size

MAX_BYTES = 20 * MIB
_SEPARATORS = (",", ";", "\t")
_BOM = b"\xef\xbb\xbf"
_REMEDY = "export it again, or save it as CSV UTF-8"
_UTF16 = (b"\xff\xfe", b"\xfe\xff")
# What a spreadsheet reads as a number and not as a formula; systems write a lone dash for "nothing".
_HARMLESS = re.compile(r"[+-]?[0-9]+([.,][0-9]+)*%?|-")


@dataclass(frozen=True)
class Table:
    """A header and rows as long as it."""

    name: str  # of the file, for sentences
    header: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    separator: str = ","
    has_bom: bool = False

    def column(self, at: int) -> tuple[str, ...]:
        return tuple(row[at] for row in self.rows)

    def text(self, columns: Sequence[int], rows: Sequence[Sequence[str]]) -> str:
        """Some of its columns, with the given rows in place of its own, as a file of the same kind."""
        text = io.StringIO(newline="")
        lines = csv.writer(text, delimiter=self.separator)
        lines.writerows([safe(row[at]) for at in columns] for row in (self.header, *rows))
        return ("\ufeff" if self.has_bom else "") + text.getvalue()


def safe(cell: str) -> str:
    """A cell that a spreadsheet shows and does not run; a number, and most text, as it is.

    >>> safe("-1,5"), safe("=1+1"), safe("ada@x.org")
    ('-1,5', "'=1+1", 'ada@x.org')
    """
    return cell if _HARMLESS.fullmatch(cell) else inert(cell)


def is_safe(cell: str) -> bool:
    """Whether a cell can be written as it came: then the system that wrote it knows it again."""
    return safe(cell) == cell


def read(path: Path) -> Table:
    """Read a CSV: UTF-8, separated by commas, semicolons or tabs.

    Raises
    ------
    GraderError
        It cannot be read, or is no such table; one sentence.
    """
    name = shown(path.name)
    data = _bytes(path, name)
    if data.startswith(_UTF16) or b"\0" in data[:4]:
        raise GraderError(f"{name} is UTF-16: {_REMEDY}")
    if b"\0" in data:
        raise GraderError(f"{name} is no CSV: line {_line(data, data.index(0))} holds a NUL character")
    try:
        text = data.removeprefix(_BOM).decode("utf-8")
    except UnicodeDecodeError as problem:
        raise GraderError(f"{name} is not UTF-8 in line {_line(data, problem.start)}: {_REMEDY}") from None
    separator = max(_SEPARATORS, key=lambda one: len(_first_row(text, one)))
    rows = _rows(text, separator, name)
    return Table(name, rows[0], tuple(rows[1:]), separator, data.startswith(_BOM))


def _line(data: bytes, at: int) -> int:
    return data.count(b"\n", 0, at) + 1


def _bytes(path: Path, name: str) -> bytes:
    if not path.is_file():
        raise GraderError(f"there is no file {path}")
    try:
        with open(path, "rb") as file:
            data = file.read(MAX_BYTES + 1)
    except OSError as problem:
        raise GraderError(f"{name} cannot be read: {problem.strerror}") from None
    if len(data) > MAX_BYTES:
        raise GraderError(f"{name} is larger than {show_size(MAX_BYTES)}")
    return data


def _first_row(text: str, separator: str) -> list[str]:
    try:
        return next(csv.reader(io.StringIO(text, newline=""), delimiter=separator, strict=True), [])
    except csv.Error:
        return []


def _rows(text: str, separator: str, name: str) -> list[tuple[str, ...]]:
    """All rows that are not empty, filled up to the header's length."""
    lines = csv.reader(io.StringIO(text, newline=""), delimiter=separator, strict=True)
    rows: list[tuple[str, ...]] = []
    try:
        for row in lines:
            if not any(row):
                continue
            width = len(rows[0]) if rows else len(row)
            if len(row) > width:
                raise GraderError(
                    f"{name} has {len(row)} cells in line {lines.line_num}, and {width} in its header"
                )
            rows.append((*row, *[""] * (width - len(row))))
    except csv.Error as problem:
        raise GraderError(f"{name} is no CSV in line {lines.line_num}: {problem}") from None
    if not rows:
        raise GraderError(f"{name} is empty")
    return rows
