"""What one submission puts into a gradebook, by the names of cells: made before anything is locked."""

from __future__ import annotations

import datetime
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice
from pathlib import Path

from grader.records import Assignment, RubricItem, SubmissionResult
from grader.report import graded_cell
from grader.report.course import is_known
from grader.report.graded_notebook import Marked
from grader.report.summary import for_student

# As nbgrader writes it. Its own reader takes almost anything, and some things make it raise what it likes.
_STAMP = re.compile(r"(\d{4}-\d\d-\d\d \d\d:\d\d:\d\d)(?:\.\d{1,6})? (UTC|[+-]\d{4})", re.ASCII)


@dataclass(frozen=True)
class Entry:
    """One student's line in the gradebook."""

    student: str
    is_known: bool  # else it is written only where the gradebook has this student
    timestamp: datetime.datetime | None  # UTC; None where nobody knows when it was handed in
    scores: Mapping[str, float | None]  # by the names of graded cells; None: a person has to look
    comments: Mapping[str, str]  # by the names of the cells that they stand at


class Entries:
    """Makes the entries of one assignment's submissions, some at a time."""

    def __init__(self, assignment: Assignment, frame: Sequence[Marked], folder: str | Path | None) -> None:
        self._assignment, self._folder = assignment, folder
        self._comments_on = _comment_cells(assignment.rubric, frame)

    def batches(self, submissions: Sequence[SubmissionResult], size: int) -> Iterator[list[Entry]]:
        """Yield all of them in order, at most `size` at once; no submission is kept."""
        entries = map(self.of, submissions)
        while batch := list(islice(entries, size)):
            yield batch

    def of(self, submission: SubmissionResult) -> Entry:
        return Entry(
            submission.student,
            is_known(submission),
            self._handed_in(submission),
            {item.id: item.score for item in submission.items},
            self._comments(for_student(submission)),
        )

    def _handed_in(self, submission: SubmissionResult) -> datetime.datetime | None:
        """When, in nbgrader's layout: elsewhere a ``timestamp.txt`` would be the student's own."""
        place = f"{submission.student}/{self._assignment.name}"
        if self._folder is None or not f"{submission.path}/".startswith(f"{place}/"):
            return None
        return timestamp_in(Path(self._folder, place))

    def _comments(self, submission: SubmissionResult) -> dict[str, str]:
        said: dict[str, list[str]] = {}
        for item in submission.items:
            if item.sentence and item.id in self._comments_on:
                words = graded_cell.comment(item, submission.diagnosis)
                said.setdefault(self._comments_on[item.id], []).append(words)
        return {cell: "\n\n".join(words) for cell, words in said.items()}


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
