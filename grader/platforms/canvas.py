"""Canvas: its gradebook's CSV, and the zip that "Upload Submissions" takes.

The CSV of "Export Entire Gradebook" begins with Student (or LastName, FirstName), ID, often SIS User ID
and SIS Login ID, and Section, in English whatever the language. Then come columns of the instructor's
own, assignments as ``Title (12345)``, and sums. A row "Points Possible" says maxima and what is read
only; one before it may say "Manual Posting". Canvas finds a student by the ID; it needs the columns up to
Section and those that change. An empty cell there would delete a grade.

It gives a file of feedback to the student and the upload whose numbers are in its name, and shows it under
the name of that upload. How it names uploads: ``grader.intake.lms_names``.
"""

from __future__ import annotations

import re

from grader.errors import GraderError
from grader.platforms.graded import Graded, Student
from grader.platforms.lms import Sheet, System, choose_column, value_of
from grader.platforms.people import Person, is_id
from grader.platforms.table import Table, is_safe

_TITLE = re.compile(r"(.*)\s\(([0-9]+)\)", re.DOTALL)
_QUOTED = re.compile(r'="(.*)"', re.DOTALL)  # so Canvas writes a name that begins with =
_TEST_STUDENTS = ("student, test", "test student")
_POINTS = "Points Possible"


def sheet(table: Table, graded: Graded, column: str | None = None) -> Sheet:
    """Understand Canvas's CSV.

    Raises
    ------
    GraderError
        It is none, or has not one column for this assignment.
    """
    at = {name.strip(): place for place, name in reversed(list(enumerate(table.header)))}
    wanted = ("LastName", "FirstName") if "LastName" in at else ("Student",)
    for name in (*wanted, "ID", "Section"):
        if name not in at:
            raise GraderError(f"{table.name} is no gradebook of Canvas: it has no column {name!r}")
    points = next((row for row in table.rows if _POINTS in row[0]), ("",) * len(table.header))
    titles = {
        place: _called(name)
        for place, name in enumerate(table.header)
        if place > at["Section"] and (_TITLE.fullmatch(name) or column is not None)
        and not re.search(r"\(.*\)", points[place])  # "(read only)", in any language
    }  # fmt: skip
    score = choose_column(table, titles, graded, column)
    if not _TITLE.fullmatch(table.header[score]) and not is_safe(table.header[score]):
        raise GraderError(f"{table.name} has a column that a spreadsheet might run: rename it in Canvas")
    columns = (*range(at["Section"] + 1), score)
    people = (_person(row, cells, at) for row, cells in enumerate(table.rows) if _POINTS not in cells[0])
    found = tuple(person for person in people if person.key or person.name)
    return Sheet(table, found, score, columns, value_of(points[score]))


def feedback_name(student: Student, person: Person | None) -> str:
    """The upload's own name up to its numbers; empty for what did not come out of a zip of Canvas.

    The rest is ours: Canvas ignores names with some rests, such as ``link.ipynb``.
    """
    upload = student.upload
    if upload is None or upload.system != "canvas" or not upload.upload:
        return ""
    late = ("LATE",) if upload.is_late else ()
    words = (*late, "anon") if upload.is_anonymous else (upload.person, *late)
    return "_".join((*words, upload.id, upload.upload, "feedback.html"))


def _called(header: str) -> tuple[str, ...]:
    """A column's header, and an assignment's title and number."""
    match = _TITLE.fullmatch(header)
    return (header, *match.groups()) if match else (header,)


def _person(row: int, cells: tuple[str, ...], at: dict[str, int]) -> Person:
    def cell(name: str) -> str:
        return cells[at[name]].strip() if name in at else ""

    name = f"{cell('LastName')}, {cell('FirstName')}".strip(", ") if "LastName" in at else cell("Student")
    quoted = _QUOTED.fullmatch(name)
    key = cell("ID") if is_id(cell("ID")) else ""
    marks = (at["ID"],) if key else tuple(range(at["Section"]))
    known_as = (("SIS id", cell("SIS User ID")), ("login", cell("SIS Login ID")))
    is_real = name.casefold() not in _TEST_STUDENTS
    return Person(row, key, known_as, quoted[1] if quoted else name, marks, is_real)


CANVAS = System(
    "canvas", "Canvas", sheet, feedback_name,
    kept=frozenset({"EX", "N/A"}),  # excused; not assigned
)  # fmt: skip
