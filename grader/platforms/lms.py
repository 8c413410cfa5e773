"""Grades and feedback on their way back into Canvas or Moodle: what both need.

The system's own CSV comes back with one column filled: points, two decimals, written as the file writes
them. Who was not graded keeps what stands there, never a zero. What could run in a spreadsheet gets an
apostrophe (`table.safe`); a row whose id would change by that could not be matched again, so it is left
out and told. The zip of feedback has one page a student, under a name made of numbers and of the system's
own text alone.
"""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from grader.errors import GraderError
from grader.intake.extract import shown
from grader.intake.lms_names import System as Key
from grader.platforms import graded as results
from grader.platforms import table as tables
from grader.platforms.graded import Graded, Student
from grader.platforms.people import Matches, Person, match, squashed
from grader.platforms.table import Table, is_safe
from grader.report.files import make_writable, write_many
from grader.report.summary import number

GRADES, FEEDBACK = "grades.csv", "feedback.zip"
_MOST_NAMED = 12  # columns in a sentence
_NUMBER = re.compile(r"(-?[0-9]+(?:[.,][0-9]+)*?)(?:[.,]([0-9]*))?")
_LONGEST = 40  # characters of a number
_CLOSE = 0.005  # scores that differ by less read the same: two decimals


@dataclass(frozen=True)
class Sheet:
    """A system's CSV, understood."""

    table: Table
    people: tuple[Person, ...]
    score: int  # the column of this assignment's grades
    columns: tuple[int, ...]  # those that are written back
    maximum: float | None  # points that the system has for it, if the file says so
    left_out: tuple[str, ...] = ()  # columns that are not written back, since a spreadsheet might run them


@dataclass(frozen=True)
class System:
    """What Canvas and Moodle do differently."""

    key: Key
    name: str
    sheet: Callable[[Table, Graded, str | None], Sheet]
    feedback_name: Callable[[Student, Person | None], str]  # empty where the system would know nobody by it
    kept: frozenset[str] = frozenset()  # what stands in place of a grade on purpose
    takes_more: bool = True  # than the maximum


@dataclass
class Told:
    """What came of it, for the person at the terminal."""

    system: System
    sheet: Sheet
    graded: Graded
    matches: Matches
    grades: Path
    feedback: Path
    new: list[str] = field(default_factory=list)
    changed: list[tuple[str, str, str]] = field(default_factory=list)  # student, before, after
    lower: int = 0  # of the changed ones
    same: list[str] = field(default_factory=list)
    kept: list[tuple[str, str]] = field(default_factory=list)  # student, what stands there
    too_many: list[str] = field(default_factory=list)  # points, for the system
    withheld: list[str] = field(default_factory=list)  # rows that could not be written safely
    pages: int = 0
    without_name: list[str] = field(default_factory=list)  # whose page the system could not give to anybody

    @property
    def not_graded(self) -> list[str]:
        return [student.name for student in self.graded.students if student.score is None]

    @property
    def is_complete(self) -> bool:
        """Whether everybody's grade is in the file, and everybody's page in the zip."""
        missing = self.matches.ambiguous or self.matches.unknown or self.not_graded or self.without_name
        return not (missing or self.withheld or (self.too_many and not self.system.takes_more))


def hand_back(system: System, folder: Path, csv: Path, output: Path, column: str | None = None) -> Told:
    """Write ``grades.csv`` and ``feedback.zip`` into `output`.

    Parameters
    ----------
    system : System
        ``canvas.CANVAS`` or ``moodle.MOODLE``.
    folder : Path
        What ``roikit grade`` wrote.
    csv : Path
        The system's file, as it was exported.
    output : Path
        A folder, made if need be.
    column : str, optional
        The column of the grades, where it is not the one named after the assignment.

    Raises
    ------
    GraderError
        One of these cannot be used; nothing is written then.
    """
    graded, table = results.read(folder), tables.read(csv)
    sheet = system.sheet(table, graded, column)
    if not any(person.is_real for person in sheet.people):
        raise GraderError(f"{table.name} lists no students")
    grades, feedback = output / GRADES, output / FEEDBACK
    if grades.exists() and grades.samefile(csv):
        raise GraderError(f"{grades} is the CSV itself: choose another --output")
    make_writable(output)
    matches = match(graded.students, sheet.people, system.key)
    told = Told(system, sheet, graded, matches, grades, feedback)
    write_many([(grades, _csv(told)), (feedback, _zip(told))])
    return told


# ------------------------------------------------------------------ the CSV
def _csv(told: Told) -> str:
    sheet = told.sheet
    rows: list[list[str] | None] = [list(row) for row in sheet.table.rows]
    for person in sheet.people:
        if not all(is_safe(sheet.table.rows[person.row][at]) for at in person.marks):
            told.withheld.append(person.label)
            rows[person.row] = None
    comma = _writes_commas(sheet)
    for student in told.graded.students:
        own = [rows[person.row] for person in told.matches.found.get(student.name, ())]
        own = [row for row in own if row is not None]
        if own and student.score is not None:
            _grade(told, student.name, student.score, own, comma)
    return sheet.table.text(sheet.columns, [row for row in rows if row is not None])


def _grade(told: Told, name: str, score: float, rows: Sequence[list[str]], comma: bool) -> None:
    """Put one student's score into their rows, and tell what stood there."""
    at, maximum = told.sheet.score, told.sheet.maximum
    before = rows[0][at].strip()
    if before in told.system.kept:
        told.kept.append((name, before))
        return
    after = number(score).replace(".", "," if comma else ".")
    value = value_of(before)
    if value is not None and abs(value - score) < _CLOSE:
        told.same.append(name)
        after = before
    elif before and before != "-":
        told.changed.append((name, before, after))
        told.lower += value is not None and value > score
    else:
        told.new.append(name)
    if maximum is not None and score > maximum + _CLOSE:
        told.too_many.append(name)
    for row in rows:
        row[at] = after


def value_of(text: str) -> float | None:
    """The number in a cell, if it is one; the last point or comma is the decimal one.

    >>> value_of("1.234,50"), value_of("7"), value_of("EX")
    (1234.5, 7.0, None)
    """
    match = _NUMBER.fullmatch(text.strip()) if len(text) <= _LONGEST else None
    return float(f"{re.sub('[.,]', '', match[1])}.{match[2] or 0}") if match else None


def _writes_commas(sheet: Sheet) -> bool:
    """Whether the grades, and the maximum among or beside them, have decimal commas."""
    cells = [cell for row in sheet.table.rows for cell in row[sheet.score : sheet.score + 2]]
    numbers = [cell for cell in cells if value_of(cell) is not None]
    return any("," in cell for cell in numbers) and not any("." in cell for cell in numbers)


# ------------------------------------------------------------------ which column
def choose_column(
    table: Table, titles: dict[int, Sequence[str]], graded: Graded, wanted: str | None
) -> int:
    """The column of the grades among those that could be it.

    Parameters
    ----------
    table : Table
        The file.
    titles : dict
        Each such column, and what it may be called.
    graded : Graded
        Named like the column, where none is `wanted`.
    wanted : str or None
        What was passed as ``--column``.
    """
    if wanted is not None:
        names = {wanted.strip().casefold()}
        found = [at for at, called in titles.items() if names & {one.strip().casefold() for one in called}]
    else:
        names = {squashed(graded.assignment), squashed(graded.title)}
        found = [at for at, called in titles.items() if names & set(map(squashed, called))]
    if len(found) == 1:
        return found[0]
    what = f"named {shown(wanted)}" if wanted is not None else f"for {graded.assignment}"
    many = "several columns" if found else "no column"
    known = [shown(table.header[at]) for at in (found or titles)]
    listed = ", ".join(known[:_MOST_NAMED]) + (", ..." if len(known) > _MOST_NAMED else "")
    raise GraderError(f"{table.name} has {many} {what}: pass --column, one of {listed or 'none at all'}")


# ------------------------------------------------------------------ the feedback
def _zip(told: Told) -> bytes:
    """One page a student; the same pages make the same bytes."""
    packed = io.BytesIO()
    taken = set()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        for student in told.graded.students:
            persons = told.matches.found.get(student.name)
            name = told.system.feedback_name(student, persons[0] if persons else None)
            if not name or name in taken:
                told.without_name.append(student.name)
                continue
            taken.add(name)
            info = zipfile.ZipInfo(name)
            info.compress_type, info.external_attr = zipfile.ZIP_DEFLATED, 0o100644 << 16
            archive.writestr(info, results.page_of(student))
    told.pages = len(taken)
    return packed.getvalue()
