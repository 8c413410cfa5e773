"""What a run remembers of its results: in the journal, as an overview alone, or in memory.

A key stands for a job, and so for its result. The run asks what is ``finished``, tells ``add`` of each
further one, and takes ``recorded`` for the class in its order.
"""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from typing import TYPE_CHECKING

from grader import fingerprint, journal_line, packing
from grader.errors import GraderError
from grader.recorded import Recorded
from grader.records import Submission, SubmissionResult
from grader.report.overview import Overview, slim

if TYPE_CHECKING:
    from grader.intake.collect import HandIn
    from grader.journal import Journal
    from grader.pipeline import Plan

class Recorder:
    """The journal as one run needs it: a line for each job; in memory is the overview alone."""

    def __init__(self, journal: Journal, plan: Plan) -> None:
        self._journal, self._plan = journal, plan
        self._of_plan = fingerprint.of_plan(plan)
        self._slim: dict[str, SubmissionResult] = {}
        self._unwritten: dict[str, SubmissionResult] = {}  # after which the grading stops
        self.path = journal.path
        self.problem: Exception | None = None  # why the grading had to stop

    @property
    def damaged(self) -> int:
        """Lines that could not be used; known once `finished` has looked for them."""
        return self._journal.damaged

    def finished(self, hand_ins: Sequence[HandIn]) -> dict[int, str]:
        """The keys of what need not be graded again, by the hand-in's place. Each is read, one after the
        other.
        """
        if self._journal.seed(self._plan.assignment.name) is None:
            return {}
        keys = enumerate(self.key(hand_in.read()) for hand_in in hand_ins)
        return {place: key for place, key in keys if self._take(key) and self._slim[key].score is not None}

    def of_student(self, student: str) -> str:
        """The key of what this very plan gave a student last, or nothing."""
        key = self._journal.key_of(self._of_plan, student)
        return key if self._take(key) else ""

    def recorded(self, keys: Sequence[str]) -> Sequence[SubmissionResult]:
        """The results of these jobs, read as they are asked for, also when the journal is closed."""
        found = Overview(self._slim[key] for key in keys)
        read, unwritten = self._journal.reader(), self._unwritten

        def at(place: int) -> SubmissionResult:
            key = keys[place]
            return unwritten[key] if key in unwritten else read(key)

        return Recorded(at, found)

    def forget(self) -> None:
        """Begin a new journal."""
        self._journal.clear()

    def key(self, submission: Submission) -> str:
        return fingerprint.of_submission(self._of_plan, submission)

    def add(self, key: str, result: SubmissionResult) -> None:
        """Write a result down; it counts for `recorded` also where that fails."""
        self._slim[key] = slim(result)
        pictures: dict[str, str] = {}

        def named(picture: str) -> str:
            name = journal_line.name_of(picture)
            pictures[name] = picture
            return name

        packed = packing.pack(packing.with_pictures(result, named))
        job = {
            "key": key, "plan": self._of_plan, "assignment": self._plan.assignment.name,
            "seed": self._plan.seed, "student": result.student, "outcome": result.outcome,
            "score": result.score, "result": packed, "artifacts": list(pictures),
        }  # fmt: skip
        try:
            self._journal.add(job, pictures)
        except GraderError:
            self._unwritten[key] = result
            raise

    def stop(self, problem: Exception) -> None:
        """Remember why the grading had to stop."""
        self.problem = problem

    def _take(self, key: str) -> bool:
        """Whether the journal has this job; from now on it is in the overview."""
        found = self._journal.find_slim(key)
        if found is not None:
            self._slim[key] = found
        return found is not None


class Looker(Recorder):
    """A recorder that writes nothing, and has of every result the overview alone."""

    def recorded(self, keys: Sequence[str]) -> Sequence[SubmissionResult]:
        return Overview(self._slim[key] for key in keys)

    def forget(self) -> None:
        raise TypeError("what is only looked at is not begun anew")

    def add(self, key: str, result: SubmissionResult) -> None:
        self._slim[key] = slim(result)

    def stop(self, problem: Exception) -> None:
        raise problem


class Unrecorded:
    """In a recorder's place where nothing is to be written down: the results of one run, in memory."""

    def __init__(self) -> None:
        self._results: dict[str, SubmissionResult] = {}
        self._count = itertools.count()

    def key(self, submission: Submission) -> str:
        return str(next(self._count))

    def add(self, key: str, result: SubmissionResult) -> None:
        self._results[key] = result

    def recorded(self, keys: Sequence[str]) -> Sequence[SubmissionResult]:
        return tuple(self._results[key] for key in keys)

    def stop(self, problem: Exception) -> None:
        raise problem
