"""One submission through an assignment's cases: what each came to, and which ideas are behind it."""

from __future__ import annotations

from dataclasses import replace
from functools import cached_property

from grader.alarm import TooLong, time_limit
from grader.attempts import Attempt
from grader.cases import Attempts
from grader.diagnosis import Diagnoser, answers, has_bank, load
from grader.records import Assignment, CaseResult, Diagnosis
from grader.student import Box

#: How long a diagnosis may take, the student's further calls included; one takes milliseconds.
DIAGNOSIS_SECONDS = 30.0
#: Outcomes of cases that have no wrong output to diagnose.
_NOTHING_TO_TELL = ("correct", "internal_error")


class Examiner:
    """The open session of a run's cases, for one box after the other.

    Parameters
    ----------
    assignment : Assignment
        Without a bank of misconceptions in its folder, nothing is diagnosed.
    attempts : function (box) -> attempts
        From ``cases.with_attempts``.
    seed : int
        The run's.
    """

    def __init__(self, assignment: Assignment, attempts: Attempts, seed: int) -> None:
        self._assignment, self._attempts, self._seed = assignment, attempts, seed

    def run(self, box: Box) -> tuple[tuple[CaseResult, ...], Diagnosis]:
        """All cases against one box, and the diagnosis of what is wrong."""
        judged = [(attempt.result(), trimmed(attempt)) for attempt in self._attempts(box)]
        cases, attempts = zip(*judged, strict=True) if judged else ((), ())
        return cases, self.diagnosis(cases, attempts, box)

    def diagnosis(
        self,
        cases: tuple[CaseResult, ...],
        attempts: tuple[Attempt, ...],
        box: Box,
        seconds: float | None = None,
    ) -> Diagnosis:
        """What is behind the wrong ones of some cases that were attempted; `seconds` may make it shorter."""
        if all(case.outcome in _NOTHING_TO_TELL for case in cases) or self._diagnoser is None:
            return Diagnosis()
        return self._diagnosed(attempts, box, seconds or DIAGNOSIS_SECONDS)

    @cached_property
    def _diagnoser(self) -> Diagnoser | None:
        if not has_bank(self._assignment):
            return None
        return Diagnoser(load(self._assignment), self._attempts, self._seed)

    def _diagnosed(self, attempts: tuple[Attempt, ...], box: Box, seconds: float) -> Diagnosis:
        try:
            with time_limit(seconds):
                return self._diagnoser.diagnose(attempts, box)
        except (Exception, TooLong) as problem:  # the grade stands without it
            return Diagnosis(problem=f"{type(problem).__name__}: {problem}"[:300])


def trimmed(attempt: Attempt) -> Attempt:
    """What a diagnosis needs of it: all that was returned may be gigabytes, and exceptions hold it too."""
    return replace(attempt, raised=None, calls=answers.trimmed(attempt.calls))
