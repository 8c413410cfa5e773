"""Scores and comments into ``gradebook.db``, nbgrader's own database, through nbgrader's own API.

A run is one transaction: whoever opens the gradebook, at whatever moment, sees the old one or the new one.
"""

from __future__ import annotations

import datetime
import json
import re
import uuid
from collections.abc import Iterable, Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any

from grader.errors import AssignmentError
from grader.nbgrader_bridge import database
from grader.nbgrader_bridge.course import Course, course_of
from grader.nbgrader_bridge.database import Busy, Database
from grader.records import Assignment, ClassResult, RubricItem, SubmissionResult
from grader.report import graded_cell
from grader.report.course import frame_of, is_known, write_course
from grader.report.graded_notebook import Marked
from grader.report.summary import for_student

#: Names -> the ids of rows: two runs with equal results make equal gradebooks.
_OURS = uuid.UUID("8b2c3d1c-2f52-4a3e-9d0b-6a1d3e0a7c55")
# As nbgrader writes it. Its own reader takes almost anything, and some things make it raise what it likes.
_STAMP = re.compile(r"(\d{4}-\d\d-\d\d \d\d:\d\d:\d\d)(?:\.\d{1,6})? (UTC|[+-]\d{4})", re.ASCII)


def write_gradebook(
    result: ClassResult, path: str | Path, submissions: str | Path | None = None
) -> Path:
    """Write a graded class into an nbgrader gradebook, new or existing, and return its path.

    Every rubric item becomes the grade of the cell with its id. What is not graded (``internal_error``) and
    what a person grades stays without a score and is marked for manual grading. In an existing gradebook,
    automatic scores, comments and late penalties are replaced; scores and comments that a person gave stay,
    and are marked for another look where the automatic score has changed.

    Parameters
    ----------
    result : ClassResult
        The run. Comments hold only what its students may read.
    path : str or Path
        The database, by nbgrader's custom ``gradebook.db`` in the course's folder. Where that folder has an
        ``nbgrader_config.py``, its ``db_url`` and its plugin for late submissions count.
    submissions : str or Path, optional
        The folder or zip that was graded: answers and times of submission are read from it. Without it the
        notebooks for the formgrader hold the findings only.

    Raises
    ------
    GraderError
        nbgrader is not installed, the database cannot be written, or some of the notebooks beside it.
    AssignmentError
        The notebook's graded cells are not those of the rubric, or no longer those of the gradebook.
    """
    frame = frame_of(result.assignment)
    path = Path(path)
    course = course_of(path)
    with database.for_writing(course.place, course.course_id) as book:
        writer = Writer(book, course, result.assignment, frame)
        writer.write(result.submissions, submissions)
    write_course(result, frame, path.parent, submissions)
    return path


def check_gradebook(assignment: Assignment, path: str | Path) -> None:
    """Find out, before anybody is graded, whether `write_gradebook` can be: it raises what that would raise.

    Another program's writing is no reason: it will be done by then.
    """
    database.nbgrader_api()
    frame = frame_of(assignment)
    course = course_of(Path(path))
    if course.place.is_there:
        with suppress(Busy), database.opened(course.place, 0, course.course_id) as book, book.locked():
            Writer(book, course, assignment, frame).expect_same_cells()
            for name in ("Student", "SubmittedAssignment", "SubmittedNotebook", "Grade", "Comment"):
                book.session.query(getattr(book.api, name)).first()  # of the same version


# ------------------------------------------------------------------ the rows
class Writer:
    """Writes one assignment and its submissions, in one transaction; ids and order are the names' alone."""

    def __init__(
        self, book: Database, course: Course, assignment: Assignment, frame: Sequence[Marked]
    ) -> None:
        self.api, self.session, self.course = book.api, book.session, course
        self.assignment, self.frame = assignment, frame
        self.points = {item.id: float(item.max_score) for item in (*assignment.rubric, *assignment.manual)}
        self.automatic = {item.id for item in assignment.rubric}
        self.comments_on = _comment_cells(assignment.rubric, frame)

    def write(self, submissions: Sequence[SubmissionResult], folder: str | Path | None) -> None:
        """Write into a gradebook that is locked, and commit."""
        self.expect_same_cells()
        self._write_assignment()
        self._load([submission.student for submission in submissions])
        notebooks = []
        with self.session.no_autoflush:
            for submission in submissions:
                if not is_known(submission) and submission.student not in self.students:
                    continue
                handed_in = self._handed_in(folder, submission)
                notebooks.append(self._submitted_notebook(submission.student, handed_in))
                self._write_grades(notebooks[-1], submission)
                self._write_comments(notebooks[-1], for_student(submission))
        self.session.flush()
        for notebook in notebooks:
            self._write_penalty(notebook)
        self.session.commit()

    # -------------------------------------------------------------- the assignment
    def expect_same_cells(self) -> None:
        """A gradebook with scores of a cell that is no longer there would lose or misplace them."""
        api, name = self.api, self.assignment.name
        for kind in (api.GradeCell, api.TaskCell):
            cells = self.session.query(kind).join(api.Notebook).join(api.Assignment)
            here = cells.filter(api.Assignment.name == name, api.Notebook.name == name)
            gone = sorted(cell.name for cell in here if cell.name not in self.points and cell.grades)
            if gone:
                raise AssignmentError(
                    f"the gradebook holds scores of the cell {gone[0]!r}, which {name}.ipynb no longer has; "
                    "write to a new gradebook"
                )

    def _write_assignment(self) -> None:
        """The assignment and its cells; of existing ones only the points are set."""
        api, name = self.api, self.assignment.name
        assignment = self._row(api.Assignment, (name,), name=name)
        if assignment.course_id is None:
            assignment.course_id = self.course.course_id
        self.notebook = self._row(api.Notebook, (name,), name=name, assignment_id=assignment.id)
        self.graded, self.commented = [], []
        for marked in self.frame:
            self._write_cell(marked)
        self.session.flush()

    def _write_cell(self, marked: Marked) -> None:
        api, key = self.api, (self.assignment.name, marked.grade_id)
        here = {"name": marked.grade_id, "notebook_id": self.notebook.id}
        if marked.task or marked.graded:
            cell = self._row(api.TaskCell if marked.task else api.GradeCell, key, **here)
            cell.max_score, cell.cell_type = self.points[marked.grade_id], marked.cell_type
            self.graded.append(cell)
        if marked.task:
            self.commented.append(cell)
        elif marked.solution:
            self.commented.append(self._row(api.SolutionCell, key, **here))
        source = self._row(api.SourceCell, key, **here)
        if source.source is None:
            source.cell_type, source.locked, source.source = marked.cell_type, marked.locked, marked.source

    def _row(self, kind: Any, key: tuple[str, ...], **known: Any) -> Any:
        """The row of these fields, a new one if need be."""
        with self.session.no_autoflush:
            row = self.session.query(kind).filter_by(**known).one_or_none()
        if row is None:
            row = kind(**known)
            row.id = _id(kind.__name__, *key)
            self.session.add(row)
        return row

    # -------------------------------------------------------------- the class
    def _load(self, names: Sequence[str]) -> None:
        """Fetch what the gradebook holds of these students, in a handful of queries."""
        api, query = self.api, self.session.query
        students = query(api.Student)
        handed_in = query(api.SubmittedAssignment).filter_by(assignment_id=self.notebook.assignment_id)
        if len(names) == 1:  # else nearly everybody's are wanted
            students, handed_in = students.filter_by(id=names[0]), handed_in.filter_by(student_id=names[0])
        self.students = {student.id: student for student in students}
        self.submitted = {submitted.student_id: submitted for submitted in handed_in}
        notebooks = query(api.SubmittedNotebook).filter_by(notebook_id=self.notebook.id)
        if len(names) == 1:
            ids = [submitted.id for submitted in self.submitted.values()]
            notebooks = notebooks.filter(api.SubmittedNotebook.assignment_id.in_(ids))
        self.notebooks = {notebook.assignment_id: notebook for notebook in notebooks}
        self.grades = {(grade.notebook_id, grade.cell_id): grade for grade in self._theirs(api.Grade)}
        self.comments = {(one.notebook_id, one.cell_id): one for one in self._theirs(api.Comment)}

    def _theirs(self, kind: Any) -> Iterable[Any]:
        """The grades or comments of the notebooks at hand, which nobody else can change until the commit."""
        if len(self.notebooks) > 1:
            wanted = self.session.query(kind).join(self.api.SubmittedNotebook)
            return wanted.filter_by(notebook_id=self.notebook.id).with_for_update(of=kind)
        ids = [notebook.id for notebook in self.notebooks.values()]
        return self.session.query(kind).filter(kind.notebook_id.in_(ids)).with_for_update(of=kind)

    def _submitted_notebook(self, student: str, timestamp: datetime.datetime | None) -> Any:
        api, new, name = self.api, self._new, self.assignment.name
        if student not in self.students:
            new(self.students, student, api.Student, id=student)
        submitted = self.submitted.get(student) or new(
            self.submitted, student, api.SubmittedAssignment, id=_id("submission", name, student),
            assignment_id=self.notebook.assignment_id, student_id=student,
        )  # fmt: skip
        submitted.timestamp = timestamp or submitted.timestamp
        return self.notebooks.get(submitted.id) or new(
            self.notebooks, submitted.id, api.SubmittedNotebook, id=_id("notebook", submitted.id),
            notebook_id=self.notebook.id, assignment_id=submitted.id,
        )  # fmt: skip

    def _handed_in(
        self, folder: str | Path | None, submission: SubmissionResult
    ) -> datetime.datetime | None:
        """When, in nbgrader's layout: elsewhere a ``timestamp.txt`` would be the student's own."""
        place = f"{submission.student}/{self.assignment.name}"
        if folder is None or not f"{submission.path}/".startswith(f"{place}/"):
            return None
        return timestamp_in(Path(folder, place))

    def _write_grades(self, notebook: Any, submission: SubmissionResult) -> None:
        scores = {item.id: item.score for item in submission.items}
        for cell in self.graded:
            key = notebook.id, cell.id
            grade = self.grades.get(key) or self._new(
                self.grades, key, self.api.Grade,
                id=_id("grade", *key), notebook_id=notebook.id, cell_id=cell.id, needs_manual_grade=True,
            )  # fmt: skip
            if cell.name in self.automatic:
                _regrade(grade, scores.get(cell.name))

    def _write_comments(self, notebook: Any, submission: SubmissionResult) -> None:
        said: dict[str, list[str]] = {}
        for item in submission.items:
            if item.sentence and item.id in self.comments_on:
                words = graded_cell.comment(item, submission.diagnosis)
                said.setdefault(self.comments_on[item.id], []).append(words)
        for cell in self.commented:
            key = notebook.id, cell.id
            comment = self.comments.get(key) or self._new(
                self.comments, key, self.api.Comment,
                id=_id("comment", *key), notebook_id=notebook.id, cell_id=cell.id,
            )  # fmt: skip
            comment.auto_comment = "\n\n".join(said.get(cell.name, ())) or None

    def _write_penalty(self, notebook: Any) -> None:
        """What the course's plugin takes off for coming late: of the score as it is now, none below zero."""
        late = notebook.assignment.total_seconds_late
        penalty = None
        if late > 0:
            self.session.refresh(notebook, ["score"])
            penalty = self.course.late_penalty(notebook.assignment.student_id, notebook.score, late)
        notebook.late_submission_penalty = penalty

    def _new(self, known: dict[Any, Any], key: Any, kind: Any, **fields: Any) -> Any:
        known[key] = kind(**fields)
        self.session.add(known[key])
        return known[key]


def _id(*names: str) -> str:
    """An id as nbgrader's, 32 digits, that depends on the names alone."""
    return uuid.uuid5(_OURS, json.dumps(names)).hex


def _regrade(grade: Any, score: float | None) -> None:
    """Set the automatic score; a person's stays, and is to be looked at again where ours has changed."""
    changed = grade.auto_score != score
    grade.auto_score = score
    if score is None:
        grade.needs_manual_grade = grade.manual_score is None
    elif grade.manual_score is None:
        grade.needs_manual_grade = False
    elif changed:
        grade.needs_manual_grade = True


def _comment_cells(rubric: Sequence[RubricItem], frame: Sequence[Marked]) -> dict[str, str]:
    """Return, for each rubric item, the solution cell that its comment belongs to: the last one before it."""
    ids = {item.id for item in rubric}
    found: dict[str, str] = {}
    solution = ""
    for marked in frame:
        if marked.solution and not marked.graded:
            solution = marked.grade_id
        if marked.grade_id in ids:
            own = marked.grade_id if marked.solution or marked.task else solution
            if own:
                found[marked.grade_id] = own
    return found


def timestamp_in(folder: Path) -> datetime.datetime | None:
    """When it was handed in (UTC), by the ``timestamp.txt`` that nbgrader's collection left there."""
    file = folder / "timestamp.txt"
    try:
        if file.is_symlink() or not file.is_file():
            return None
        with open(file, encoding="ascii") as text:
            stamp = _STAMP.fullmatch(text.read(100).strip())
        if stamp is None:
            return None
        zone = "+0000" if stamp[2] == "UTC" else stamp[2]
        moment = datetime.datetime.strptime(f"{stamp[1]} {zone}", "%Y-%m-%d %H:%M:%S %z")
        return moment.astimezone(datetime.timezone.utc).replace(tzinfo=None)
    except (OSError, ValueError, OverflowError):
        return None
