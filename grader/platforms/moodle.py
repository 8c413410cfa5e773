"""Moodle: the grading worksheet of an assignment, the gradebook's export, and the zip of feedback files.

A grading worksheet begins with the identifier, a word and the participant's number, then has the full
name (not where identities are hidden), fields such as the e-mail, and the grade right before the maximum;
headers are in the teacher's language. Moodle finds a row by the number alone, and takes changed grades
and comments from it, up to the maximum. Columns that are not there change nothing: one with text that a
spreadsheet might run, such as comments, is left out.

The gradebook's export begins with first and last name, and has one or more columns an assignment, such as
``Assignment: Title (Real)``. Whoever imports it says by which column people are known.

A file of feedback is given to the participant whose number stands after the first underscore of its name.
"""

from __future__ import annotations

import re

from grader.errors import GraderError
from grader.platforms.graded import Graded, Student
from grader.platforms.lms import Sheet, System, choose_column, value_of
from grader.platforms.people import Person
from grader.platforms.table import Table, is_safe

_IDENTIFIER = re.compile(r"\D+?([0-9]{1,19})")
_ITEM = re.compile(r"(?:[^:]*:\s*)?(.*?)(?:\s\(([^()]*)\))?", re.DOTALL)
_LONGEST = 80  # characters of a name in the zip


def sheet(table: Table, graded: Graded, column: str | None = None) -> Sheet:
    """Understand a grading worksheet or a gradebook's export.

    Raises
    ------
    GraderError
        It is neither, or has not one column for this assignment.
    """
    identifiers = [cell for cell in table.column(0) if cell]
    if not identifiers:
        raise GraderError(f"{table.name} lists no students")
    is_worksheet = all(_IDENTIFIER.fullmatch(cell) for cell in identifiers)
    return (_worksheet if is_worksheet else _export)(table, graded, column)


def feedback_name(student: Student, person: Person | None) -> str:
    """As Moodle names a handed-in file; empty where the participant's number is not known."""
    upload = student.upload
    if upload is None or upload.system != "moodle":
        known = (person.name, person.key) if person else ("", "")
    else:
        known = (upload.person, upload.id)
    name = re.sub(r"[^\w .,()'-]|_", " ", known[0])[:_LONGEST].strip(" .-")
    return f"{name or 'Participant'}_{known[1]}_assignsubmission_file_feedback.html" if known[1] else ""


# ------------------------------------------------------------------ the grading worksheet
def _worksheet(table: Table, graded: Graded, column: str | None) -> Sheet:
    score = _grade_column(table, column)
    maxima = set(table.column(score + 1)) if score + 1 < len(table.header) else set()
    maximum = value_of(maxima.pop()) if len(maxima) == 1 else None
    if maximum is None:
        raise GraderError(f"{table.name} has no maximum beside the grades: roikit's points fit no scale")
    people = tuple(
        Person(row, _IDENTIFIER.fullmatch(cells[0])[1], _known_as(cells[2:score]), cells[1].strip(), (0,))
        for row, cells in enumerate(table.rows)
        if cells[0]
    )
    left_out = [at for at in range(score + 1, len(table.header)) if not all(map(is_safe, table.column(at)))]
    columns = tuple(at for at in range(len(table.header)) if at not in left_out)
    return Sheet(table, people, score, columns, maximum, tuple(table.header[at] for at in left_out))


def _grade_column(table: Table, column: str | None) -> int:
    """The one before the maximum, which is the same number in all rows."""
    header = [name.strip() for name in table.header]
    if column is not None:
        if header.count(column.strip()) != 1:
            raise GraderError(f"{table.name} has not one column named {column!r}")
        return header.index(column.strip())
    if header.count("Grade") == 1:
        return header.index("Grade")
    found = [at for at in range(2, len(header) - 1) if _are_numbers(table, at) and _is_maximum(table, at + 1)]
    if len(found) != 1:
        raise GraderError(f"{table.name} is a grading worksheet without one column of grades: pass --column")
    return found[0]


def _are_numbers(table: Table, at: int) -> bool:
    return all(cell in ("", "-") or value_of(cell) is not None for cell in table.column(at))


def _is_maximum(table: Table, at: int) -> bool:
    cells = set(table.column(at))
    return len(cells) == 1 and value_of(cells.pop()) is not None


# ------------------------------------------------------------------ the gradebook's export
def _export(table: Table, graded: Graded, column: str | None) -> Sheet:
    if {"ID", "Section"} <= set(table.header):
        raise GraderError(f"{table.name} is a gradebook of Canvas: use roikit canvas")
    titles = {at: _called(name) for at, name in enumerate(table.header) if at > 1}
    if column is None:  # percentages, letters and comments are columns of the same item
        real = {at: (called[1],) for at, called in titles.items() if called[2] == "Real"}
        titles = real or {at: called[1:2] for at, called in titles.items()}
    score = choose_column(table, titles, graded, column)
    telling = tuple(at for at in range(2, score) if not _is_item(table, at) and _tells_apart(table, at))
    people = tuple(
        Person(
            row, "", _known_as([cells[at] for at in telling]),
            " ".join(filter(None, map(str.strip, cells[:2]))), telling,
        )
        for row, cells in enumerate(table.rows)
    )  # fmt: skip
    return Sheet(table, people, score, (0, 1, *telling, score), None)


def _called(header: str) -> tuple[str, str, str]:
    """A column's header, its item's title, and how grades are shown in it."""
    match = _ITEM.fullmatch(header)
    return header, match[1] if match else header, (match[2] or "") if match else ""


def _is_item(table: Table, at: int) -> bool:
    return ":" in table.header[at] or _called(table.header[at])[2] != ""


def _tells_apart(table: Table, at: int) -> bool:
    cells = [cell for cell in table.column(at) if cell]
    return 0 < len(cells) == len(set(cells))


def _known_as(cells: tuple[str, ...] | list[str]) -> tuple[tuple[str, str], ...]:
    return tuple(("e-mail" if "@" in cell else "another column", cell) for cell in cells)


MOODLE = System("moodle", "Moodle", sheet, feedback_name, takes_more=False)
