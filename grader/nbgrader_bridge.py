"""Scores and comments into ``gradebook.db``, nbgrader's own database, through nbgrader's own API.

The only module that knows nbgrader, and it asks for it when it is called: the grader works without.

Beside the database lies what the formgrader wants to see of a course, so that ``jupyter lab`` in that folder
opens it::

    gradebook.db
    source/<assignment>/<assignment>.ipynb                   lists the assignment
    autograded/<student>/<assignment>/<assignment>.ipynb     the answers, for grading by hand
"""

from __future__ import annotations

import datetime
import json
import os
import re
import shutil
import sysconfig
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from grader.collect import MAX_BYTES, HandIn, hand_ins
from grader.errors import AssignmentError, GraderError, SubmissionError
from grader.records import Assignment, ClassResult, ItemResult, RubricItem, SubmissionResult
from grader.report.files import write_whole
from grader.report.graded_notebook import Marked, graded_notebook, marked_cells
from grader.report.summary import SENTENCE_LIMIT, for_student
from grader.sandbox.text import clean_line

_FOLDER_NAME = re.compile(r"[^/\\\x00-\x1f\x7f\ud800-\udfff]+")
# Where Markdown could begin a tag, an entity, or the address of a link: a space there prevents it.
_MARKUP = re.compile(r"[<&](?=\S)|\](?=[(\[])")


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
        The notebook's graded cells are not those of the rubric.
    """
    api = _nbgrader_api()
    frame = _frame(result.assignment)
    path = Path(path)
    path.parent.mkdir(parents=True, exist_ok=True)
    with _opened(api, path) as gradebook:
        _write_assignment(api, gradebook, result.assignment, frame)
        _ClassWriter(api, gradebook, result.assignment, frame).write(result.submissions, submissions)
    _write_course(result, frame, path.parent, submissions)
    return path


# ------------------------------------------------------------------ nbgrader and its database
def _nbgrader_api() -> Any:
    try:
        import nbgrader.api
    except ImportError as error:
        raise GraderError("a gradebook.db needs nbgrader: pip install 'roikit[nbgrader]'") from error
    return nbgrader.api


@contextmanager
def _opened(api: Any, path: Path) -> Iterator[Any]:
    """Open a gradebook; its failures become one sentence."""
    from sqlalchemy.engine import URL
    from sqlalchemy.exc import SQLAlchemyError

    try:
        with _scripts_on_path():
            gradebook = api.Gradebook(URL.create("sqlite", database=str(path.resolve())))
        with gradebook:
            yield gradebook
    except SQLAlchemyError as error:
        reason = clean_line(str(getattr(error, "orig", None) or error))
        remedy = "; run `nbgrader db upgrade` there" if "no such column" in reason else ""
        raise GraderError(f"{path.name} cannot be written: {reason}{remedy}") from error


@contextmanager
def _scripts_on_path() -> Iterator[None]:
    # A new gradebook asks the program `alembic` for the schema's version, which the PATH need not know.
    before = os.environ.get("PATH", os.defpath)
    os.environ["PATH"] = os.pathsep.join((sysconfig.get_path("scripts"), before))
    try:
        yield
    finally:
        os.environ["PATH"] = before


# ------------------------------------------------------------------ the assignment
def _frame(assignment: Assignment) -> tuple[Marked, ...]:
    """Return the marked cells of the assignment's notebook, after making sure that they are the rubric's."""
    name = assignment.notebook.name
    try:
        frame = marked_cells(assignment.notebook.read_bytes())
    except (OSError, SubmissionError) as error:
        raise AssignmentError(f"{name} cannot be read: {error}") from error
    ids = [marked.grade_id for marked in frame]
    graded = {marked.grade_id for marked in frame if marked.graded or marked.task}
    rubric = {item.id for item in (*assignment.rubric, *assignment.manual)}
    for grade_id in ids:
        if ids.count(grade_id) > 1:
            raise AssignmentError(f"{name} has two cells with the grade_id {grade_id!r}")
    for grade_id in sorted(rubric - graded):
        raise AssignmentError(f"{name} has no graded cell for the rubric item {grade_id!r}")
    for grade_id in sorted(graded - rubric):
        raise AssignmentError(f"{name} has a graded cell {grade_id!r} that is no rubric item")
    return frame


def _write_assignment(api: Any, gradebook: Any, assignment: Assignment, frame: Sequence[Marked]) -> None:
    """Add the assignment and its cells; of existing ones only the points are set."""
    name = assignment.name
    points = {item.id: float(item.max_score) for item in (*assignment.rubric, *assignment.manual)}
    gradebook.update_or_create_assignment(name)
    notebook = gradebook.update_or_create_notebook(name, name)
    gone = {cell.name for cell in (*notebook.grade_cells, *notebook.task_cells)} - set(points)
    if gone and notebook.submissions:
        raise AssignmentError(
            f"the gradebook holds scores of the cell {min(gone)!r}, which {name}.ipynb no longer has; "
            "write to a new gradebook"
        )
    sources = {cell.name for cell in notebook.source_cells}
    for marked in frame:
        if marked.task:
            gradebook.update_or_create_task_cell(
                marked.grade_id, name, name, max_score=points[marked.grade_id], cell_type=marked.cell_type
            )
        elif marked.graded:
            gradebook.update_or_create_grade_cell(
                marked.grade_id, name, name, max_score=points[marked.grade_id], cell_type=marked.cell_type
            )
        if marked.solution and not marked.task:
            gradebook.update_or_create_solution_cell(marked.grade_id, name, name)
        if marked.grade_id not in sources:
            gradebook.add_source_cell(
                marked.grade_id, name, name,
                cell_type=marked.cell_type, locked=marked.locked, source=marked.source,
            )  # fmt: skip


# ------------------------------------------------------------------ the class
class _ClassWriter:
    """Writes all submissions of one assignment in one transaction: the gradebook has all of them or none."""

    def __init__(self, api: Any, gradebook: Any, assignment: Assignment, frame: Sequence[Marked]) -> None:
        self.api, self.session = api, gradebook.db
        self.assignment = gradebook.find_assignment(assignment.name)
        self.notebook = gradebook.find_notebook(assignment.name, assignment.name)
        self.graded = [*self.notebook.grade_cells, *self.notebook.task_cells]
        self.commented = [*self.notebook.solution_cells, *self.notebook.task_cells]
        self.automatic = {item.id for item in assignment.rubric}
        self.comments_on = _comment_cells(assignment.rubric, frame)

    def write(self, submissions: Sequence[SubmissionResult], folder: str | Path | None) -> None:
        self._load()
        with self.session.no_autoflush:
            for submission in submissions:
                notebook = self._submitted_notebook(submission.student, _timestamp(folder, submission.path))
                self._write_grades(notebook, submission)
                self._write_comments(notebook, for_student(submission))
        self.session.commit()

    def _load(self) -> None:
        """Fetch what the gradebook holds of this assignment, in a handful of queries for the whole class."""
        api, query = self.api, self.session.query
        self.students = {student.id: student for student in query(api.Student)}
        handed_in = query(api.SubmittedAssignment).filter_by(assignment_id=self.assignment.id)
        self.submitted = {submitted.student_id: submitted for submitted in handed_in}
        notebooks = query(api.SubmittedNotebook).filter_by(notebook_id=self.notebook.id)
        self.notebooks = {notebook.assignment_id: notebook for notebook in notebooks}
        grades = query(api.Grade).join(api.SubmittedNotebook).filter_by(notebook_id=self.notebook.id)
        self.grades = {(grade.notebook_id, grade.cell_id): grade for grade in grades}
        comments = query(api.Comment).join(api.SubmittedNotebook).filter_by(notebook_id=self.notebook.id)
        self.comments = {(comment.notebook_id, comment.cell_id): comment for comment in comments}

    def _submitted_notebook(self, student: str, timestamp: datetime.datetime | None) -> Any:
        api, new = self.api, self._new
        if student not in self.students:
            new(self.students, student, api.Student, id=student)
        submitted = self.submitted.get(student) or new(
            self.submitted, student, api.SubmittedAssignment, id=api.new_uuid(),
            assignment_id=self.assignment.id, student_id=student,
        )  # fmt: skip
        submitted.timestamp = timestamp or submitted.timestamp
        return self.notebooks.get(submitted.id) or new(
            self.notebooks, submitted.id, api.SubmittedNotebook, id=api.new_uuid(),
            notebook_id=self.notebook.id, assignment_id=submitted.id,
        )  # fmt: skip

    def _write_grades(self, notebook: Any, submission: SubmissionResult) -> None:
        scores = {item.id: item.score for item in submission.items}
        for cell in self.graded:
            key = notebook.id, cell.id
            grade = self.grades.get(key) or self._new(
                self.grades, key, self.api.Grade,
                notebook_id=notebook.id, cell_id=cell.id, needs_manual_grade=True,
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
                self.comments, key, self.api.Comment, notebook_id=notebook.id, cell_id=cell.id
            )
            comment.auto_comment = "\n".join(said.get(cell.name, ())) or None

    def _new(self, known: dict[Any, Any], key: Any, kind: Any, **fields: Any) -> Any:
        known[key] = kind(**fields)
        self.session.add(known[key])
        return known[key]


def _comment(item: ItemResult) -> str:
    # Feedback pages read comments as Markdown: no HTML of a stranger, no link, no picture from elsewhere.
    return _MARKUP.sub(r"\g<0> ", f"{item.title}: {clean_line(item.sentence, SENTENCE_LIMIT)}")


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
    from nbgrader.utils import parse_utc

    file = Path(folder or "", path).parent / "timestamp.txt"
    try:
        if folder is None or file.is_symlink() or not file.is_file():
            return None
        with open(file, encoding="ascii") as stamp:
            return parse_utc(stamp.read(100).strip())
    except (OSError, ValueError, OverflowError):
        return None


# ------------------------------------------------------------------ the course's folder
def _write_course(
    result: ClassResult, frame: Sequence[Marked], course: Path, submissions: str | Path | None
) -> None:
    assignment = result.assignment
    source = course / "source" / assignment.name / assignment.notebook.name
    if not source.exists():
        source.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(assignment.notebook, source)
    lost: list[str] = []
    for submission, data in _with_files(result, submissions):
        place = course / "autograded" / submission.student / assignment.name / assignment.notebook.name
        if not _is_folder_name(submission.student) or (place.exists() and data is None):
            continue  # the formgrader could not find it; or what is there says more
        notebook = graded_notebook(assignment, frame, data, submission)
        try:
            write_whole(place, json.dumps(notebook, indent=1, ensure_ascii=False))
        except OSError as error:
            lost.append(f"{submission.student} ({error.strerror})")
    if lost:
        named = ", ".join(clean_line(name, 80) for name in lost[:5]) + (", …" if len(lost) > 5 else "")
        raise GraderError(f"the gradebook has the scores, but these notebooks are not written: {named}")


def _with_files(
    result: ClassResult, submissions: str | Path | None
) -> Iterator[tuple[SubmissionResult, bytes | None]]:
    """Yield every submission with its file as it came, or None where there is none to be had."""
    waiting = {submission.student: submission for submission in result.submissions}
    if submissions is not None:
        with hand_ins(Path(submissions), result.assignment.name) as found:
            for hand_in in found:
                if hand_in.student in waiting and not hand_in.refusal:
                    yield waiting.pop(hand_in.student), _data(hand_in)
    yield from ((submission, None) for submission in waiting.values())


def _data(hand_in: HandIn) -> bytes | None:
    try:
        return hand_in.data()
    except SubmissionError:
        return None


def _is_folder_name(student: str) -> bool:
    if student in (".", "..") or not _FOLDER_NAME.fullmatch(student):
        return False
    return len(student.encode()) <= MAX_BYTES
