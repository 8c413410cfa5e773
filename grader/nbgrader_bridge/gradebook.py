"""Scores and comments into ``gradebook.db``, nbgrader's own database, through nbgrader's own API.

The assignment is one transaction, and so are every `BATCH` submissions after it: whoever opens the gradebook,
at whatever moment, sees all of a student's scores or none of them, and the formgrader can write in between.
A run that is killed leaves whole batches in a gradebook that was there; the same command, run again,
completes it. A new SQLite file gets its name when all is in it.
"""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any

from grader.errors import AssignmentError, GraderError
from grader.nbgrader_bridge import database
from grader.nbgrader_bridge.batch import Batch, Cells, id_of
from grader.nbgrader_bridge.course import Course, course_of
from grader.nbgrader_bridge.database import Busy, Database
from grader.nbgrader_bridge.entries import Entries, Entry
from grader.records import Assignment, ClassResult, SubmissionResult
from grader.report.course import frame_of, write_course
from grader.report.graded_notebook import Marked

#: Submissions of one transaction; of 500 all rows weigh 4 MB in memory (tests/benchmarks/bench_gradebook.py).
BATCH = 500


def write_gradebook(result: ClassResult, path: str | Path, submissions: str | Path | None = None) -> Path:
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
        Writer(book, course, result.assignment, frame).write(result.submissions, submissions)
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
    """Writes one assignment and its submissions; ids and order are the names' alone."""

    def __init__(
        self, book: Database, course: Course, assignment: Assignment, frame: Sequence[Marked]
    ) -> None:
        self.api, self.session, self.course = book.api, book.session, course
        self.book, self.assignment, self.frame = book, assignment, frame
        self.points = {item.id: float(item.max_score) for item in (*assignment.rubric, *assignment.manual)}

    def write(self, submissions: Sequence[SubmissionResult], folder: str | Path | None) -> None:
        """Write the assignment, then the submissions, `BATCH` at a time: each time lock, write, commit."""
        entries = Entries(self.assignment, self.frame, folder)
        self._write_locked([])
        written = 0
        for batch in entries.batches(submissions, BATCH):
            try:
                self._write_locked(batch)
            except GraderError as problem:
                if not written:
                    raise
                raise type(problem)(f"{problem}; it has the first {written} submissions") from problem
            written += len(batch)

    def _write_locked(self, batch: Sequence[Entry]) -> None:
        with self.book.locked():
            self.write_batch(batch)

    def write_batch(self, batch: Sequence[Entry]) -> None:
        """Write into a gradebook that is locked, and commit.

        Another program may have written since the last one: what must hold of the cells is asked anew.
        """
        self.expect_same_cells()
        cells = self._write_assignment()
        if batch:
            Batch(self.book, self.course, cells).write(batch)
        self.session.commit()

    # -------------------------------------------------------------- the assignment
    def expect_same_cells(self) -> None:
        """A gradebook with scores of a cell that is no longer there would lose or misplace them."""
        api, name = self.api, self.assignment.name
        for kind in (api.GradeCell, api.TaskCell):
            cells = self.session.query(kind.name).join(api.Notebook).join(api.Assignment)
            here = cells.filter(api.Assignment.name == name, api.Notebook.name == name)
            unknown = here.filter(kind.name.not_in(list(self.points)), kind.grades.any())
            gone = sorted(cell for (cell,) in unknown)
            if gone:
                raise AssignmentError(
                    f"the gradebook holds scores of the cell {gone[0]!r}, which {name}.ipynb no longer has; "
                    "write to a new gradebook"
                )

    def _write_assignment(self) -> Cells:
        """The assignment and its cells; of existing ones only the points are set."""
        api, name, query = self.api, self.assignment.name, self.session.query
        assignment = query(api.Assignment).filter_by(name=name).one_or_none()
        if assignment is None:
            assignment = self._new(api.Assignment, (name,), name=name, course_id=self.course.course_id)
        if assignment.course_id is None:
            assignment.course_id = self.course.course_id
        notebook = query(api.Notebook).filter_by(name=name, assignment_id=assignment.id).one_or_none()
        if notebook is None:
            notebook = self._new(api.Notebook, (name,), name=name, assignment_id=assignment.id)
        here = {
            kind: {row.name: row for row in query(kind).filter_by(notebook_id=notebook.id)}
            for kind in (api.GradeCell, api.TaskCell, api.SolutionCell, api.SourceCell)
        }
        graded: dict[str, str] = {}
        commented: dict[str, str] = {}
        with self.session.no_autoflush:
            for marked in self.frame:
                self._write_cell(marked, notebook.id, here, graded, commented)
        self.session.flush()
        automatic = frozenset(item.id for item in self.assignment.rubric)
        return Cells(name, assignment.id, notebook.id, assignment.duedate, graded, commented, automatic)

    def _write_cell(
        self,
        marked: Marked,
        notebook: str,
        here: dict[Any, dict[str, Any]],
        graded: dict[str, str],
        commented: dict[str, str],
    ) -> None:
        api, name = self.api, marked.grade_id

        def row(kind: Any) -> Any:
            key = self.assignment.name, name
            return here[kind].get(name) or self._new(kind, key, name=name, notebook_id=notebook)

        if marked.task or marked.graded:
            cell = row(api.TaskCell if marked.task else api.GradeCell)
            cell.max_score, cell.cell_type = self.points[name], marked.cell_type
            graded[name] = cell.id
        if marked.task:
            commented[name] = graded[name]
        elif marked.solution:
            commented[name] = row(api.SolutionCell).id
        source = row(api.SourceCell)
        if source.source is None:
            source.cell_type, source.locked, source.source = marked.cell_type, marked.locked, marked.source

    def _new(self, kind: Any, key: tuple[str, ...], **fields: Any) -> Any:
        row = kind(**fields)
        row.id = id_of(kind.__name__, *key)  # which nbgrader's Assignment does not take
        self.session.add(row)
        return row
