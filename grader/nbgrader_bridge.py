"""Scores and comments into ``gradebook.db``, nbgrader's own database, through nbgrader's own API.

The only module that knows nbgrader, and it asks for it when it is called: the grader works without. A run is
one transaction: whoever opens the gradebook, at whatever moment, sees the old one or the new one.
"""

from __future__ import annotations

import datetime
import json
import os
import re
import sysconfig
import uuid
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

from grader.errors import AssignmentError, GraderError
from grader.records import Assignment, ClassResult, ItemResult, RubricItem, SubmissionResult
from grader.report.course import frame_of, write_course
from grader.report.files import remove_unfinished, written_aside
from grader.report.graded_notebook import Marked, without_active_tex
from grader.report.summary import SENTENCE_LIMIT, for_student
from grader.sandbox.text import clean_line

#: How long another program's writing is waited for.
BUSY_SECONDS = 10
_BUSY = "another program is writing to it (the formgrader?); when it is done, run this again"
#: Names -> the ids of rows: two runs with equal results make equal gradebooks.
_OURS = uuid.UUID("8b2c3d1c-2f52-4a3e-9d0b-6a1d3e0a7c55")
# Where Markdown could begin a tag, an entity, or the address of a link: a space there prevents it.
_MARKUP = re.compile(r"[<&](?=\S)|\](?=[(\[])|://")
# As nbgrader writes it. Its own reader takes almost anything, and some things make it raise what it likes.
_STAMP = re.compile(r"(\d{4}-\d\d-\d\d \d\d:\d\d:\d\d)(?:\.\d{1,6})? (UTC|[+-]\d{4})", re.ASCII)


def write_gradebook(
    result: ClassResult, path: str | Path, submissions: str | Path | None = None
) -> Path:
    """Write a graded class into an nbgrader gradebook, new or existing, and return its path.

    Every rubric item becomes the grade of the cell with its id. What is not graded (``internal_error``) and
    what a person grades stays without a score and is marked for manual grading. In an existing gradebook,
    automatic scores and comments are replaced; those that a person gave stay, and are marked for another look
    where the automatic score has changed.

    Parameters
    ----------
    result : ClassResult
        The run. Comments hold only what its students may read.
    path : str or Path
        The database, by nbgrader's custom ``gradebook.db`` in the course's folder.
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
    api = _nbgrader_api()
    frame = frame_of(result.assignment)
    path = Path(path)
    with _for_writing(api, path) as gradebook:
        _Writer(api, gradebook, result.assignment, frame).write(result.submissions, submissions)
    write_course(result, frame, path.parent, submissions)
    return path


def check_gradebook(assignment: Assignment, path: str | Path) -> None:
    """Find out, before anybody is graded, whether `write_gradebook` can be: it raises what that would raise.

    Another program's writing is no reason: it will be done by then.
    """
    api = _nbgrader_api()
    frame = frame_of(assignment)
    if _is_there(Path(path)):
        with suppress(_Busy), _opened(api, Path(path), 0) as gradebook:
            _Writer(api, gradebook, assignment, frame).expect_same_cells()
            for name in ("Student", "SubmittedAssignment", "SubmittedNotebook", "Grade", "Comment"):
                gradebook.db.query(getattr(api, name)).first()  # of the same version


# ------------------------------------------------------------------ nbgrader and its database
def _nbgrader_api() -> Any:
    try:
        import nbgrader.api
    except ImportError as error:
        raise GraderError("a gradebook.db needs nbgrader: pip install 'roikit[nbgrader]'") from error
    return nbgrader.api


def _is_there(path: Path) -> bool:
    """An empty file is no gradebook yet."""
    return path.exists() and (not path.is_file() or path.stat().st_size > 0)


@contextmanager
def _for_writing(api: Any, path: Path) -> Iterator[Any]:
    """The gradebook, to be written in one transaction; a new one is made aside until it is whole."""
    path = path.resolve()
    path.parent.mkdir(parents=True, exist_ok=True)
    if _is_there(path):
        with _opened(api, path, BUSY_SECONDS) as gradebook:
            yield gradebook
        return
    remove_unfinished(path.parent)
    with written_aside(path) as temporary, _opened(api, temporary, BUSY_SECONDS, name=path.name) as gradebook:
        yield gradebook


@contextmanager
def _opened(api: Any, path: Path, seconds: float, name: str = "") -> Iterator[Any]:
    """Open a gradebook and lock it for writing; its failures become one sentence."""
    from sqlalchemy import text
    from sqlalchemy.engine import URL
    from sqlalchemy.exc import SQLAlchemyError

    try:
        url = URL.create("sqlite", database=str(path.resolve()), query={"timeout": str(seconds)})
        with _scripts_on_path():
            gradebook = api.Gradebook(url)
        with gradebook:
            gradebook.db.execute(text("BEGIN IMMEDIATE"))  # what is read from now on stays true
            gradebook.db.execute(text("UPDATE course SET id = id WHERE 0"))  # where nothing can be written
            yield gradebook
    except SQLAlchemyError as error:
        reason = clean_line(str(getattr(error, "orig", None) or error))
        if "is locked" in reason:
            raise _Busy(f"{name or path.name} cannot be written: {_BUSY}") from error
        remedy = "; run `nbgrader db upgrade` there" if "no such" in reason else ""
        raise GraderError(f"{name or path.name} cannot be written: {reason}{remedy}") from error


class _Busy(GraderError):
    """Another program writes to the gradebook."""


@contextmanager
def _scripts_on_path() -> Iterator[None]:
    # A new gradebook asks the program `alembic` for the schema's version, which the PATH need not know.
    before = os.environ.get("PATH", os.defpath)
    os.environ["PATH"] = os.pathsep.join((sysconfig.get_path("scripts"), before))
    try:
        yield
    finally:
        os.environ["PATH"] = before


# ------------------------------------------------------------------ the rows
class _Writer:
    """Writes one assignment and its submissions, in one transaction; ids and order are the names' alone."""

    def __init__(self, api: Any, gradebook: Any, assignment: Assignment, frame: Sequence[Marked]) -> None:
        self.api, self.session, self.course = api, gradebook.db, gradebook.course_id
        self.assignment, self.frame = assignment, frame
        self.points = {item.id: float(item.max_score) for item in (*assignment.rubric, *assignment.manual)}
        self.automatic = {item.id for item in assignment.rubric}
        self.comments_on = _comment_cells(assignment.rubric, frame)

    def write(self, submissions: Sequence[SubmissionResult], folder: str | Path | None) -> None:
        self.expect_same_cells()
        self._write_assignment()
        self._load()
        with self.session.no_autoflush:
            for submission in submissions:
                notebook = self._submitted_notebook(submission.student, _timestamp(folder, submission.path))
                self._write_grades(notebook, submission)
                self._write_comments(notebook, for_student(submission))
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
            assignment.course_id = self.course
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
    def _load(self) -> None:
        """Fetch what the gradebook holds of this assignment, in a handful of queries for the whole class."""
        api, query = self.api, self.session.query
        self.students = {student.id: student for student in query(api.Student)}
        handed_in = query(api.SubmittedAssignment).filter_by(assignment_id=self.notebook.assignment_id)
        self.submitted = {submitted.student_id: submitted for submitted in handed_in}
        notebooks = query(api.SubmittedNotebook).filter_by(notebook_id=self.notebook.id)
        self.notebooks = {notebook.assignment_id: notebook for notebook in notebooks}
        grades = query(api.Grade).join(api.SubmittedNotebook).filter_by(notebook_id=self.notebook.id)
        self.grades = {(grade.notebook_id, grade.cell_id): grade for grade in grades}
        comments = query(api.Comment).join(api.SubmittedNotebook).filter_by(notebook_id=self.notebook.id)
        self.comments = {(comment.notebook_id, comment.cell_id): comment for comment in comments}

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
                said.setdefault(self.comments_on[item.id], []).append(_comment(item))
        for cell in self.commented:
            key = notebook.id, cell.id
            comment = self.comments.get(key) or self._new(
                self.comments, key, self.api.Comment,
                id=_id("comment", *key), notebook_id=notebook.id, cell_id=cell.id,
            )  # fmt: skip
            comment.auto_comment = "\n".join(said.get(cell.name, ())) or None

    def _new(self, known: dict[Any, Any], key: Any, kind: Any, **fields: Any) -> Any:
        known[key] = kind(**fields)
        self.session.add(known[key])
        return known[key]


def _id(*names: str) -> str:
    """An id as nbgrader's, 32 digits, that depends on the names alone."""
    return uuid.uuid5(_OURS, json.dumps(names)).hex


def _comment(item: ItemResult) -> str:
    # Feedback pages read comments as Markdown with formulas: no HTML of a stranger, no link, no picture.
    sentence = without_active_tex(clean_line(item.sentence, SENTENCE_LIMIT))
    return _MARKUP.sub(r"\g<0> ", f"{item.title}: {sentence}")


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


def _timestamp(folder: str | Path | None, path: str) -> datetime.datetime | None:
    """Return when it was handed in, by the ``timestamp.txt`` that nbgrader's collection leaves beside it."""
    file = Path(folder or "", path).parent / "timestamp.txt"
    try:
        if folder is None or file.is_symlink() or not file.is_file():
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
