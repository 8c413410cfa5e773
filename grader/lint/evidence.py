"""What the cases say of a box: for each whether it passes, what its calls gave, and how wrong that was."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any

import numpy as np

from grader.attempts import Attempt
from grader.case import Case
from grader.cases import Attempts
from grader.compare import Comparison
from grader.diagnosis.answers import Answer, answer
from grader.student import Box
from grader.testing import Mismatch, StudentFailure


@dataclass(frozen=True)
class CaseRun:
    """One case against one box."""

    case: Case
    place: str  # "test_hidden.py:36": where it ended, else where it begins
    has_passed: bool
    has_crashed: bool  # a call gave no value
    fault: str  # what is wrong with the test itself
    answers: tuple[Answer | None, ...]  # of its calls
    margin: float  # the largest difference in tolerances; inf where only equal will do; 0 if it passed

    @property
    def points(self) -> float:
        return self.case.points if self.has_passed else 0.0


#: One box against every case, in order.
Run = tuple[CaseRun, ...]


def observe(attempts: Attempts, box: Box) -> Run:
    """Run every case of a session against `box`."""
    return tuple(map(_case_run, attempts(box)))


def score(run: Run) -> float:
    return math.fsum(case.points for case in run)


def _case_run(attempt: Attempt) -> CaseRun:
    raised = attempt.raised
    return CaseRun(
        case=attempt.case,
        place=attempt.place,
        has_passed=raised is None,
        has_crashed=isinstance(raised, StudentFailure),
        fault=attempt.fault,
        answers=tuple(answer(call.outcome) for call in attempt.calls),
        margin=0.0 if raised is None else margin(raised),
    )


def margin(raised: BaseException) -> float:
    """How many tolerances the largest difference has."""
    if not isinstance(raised, Mismatch) or raised.comparison.difference != "values":
        return math.inf
    return _in_tolerances(raised.comparison)


def _in_tolerances(found: Comparison) -> float:
    if found.actual.dtype.kind in "biu" and found.expected.dtype.kind in "biu":
        return math.inf  # compared exactly
    rtol, atol = found.tolerances
    got, wanted = found.actual.astype(np.float64), found.expected.astype(np.float64)
    with np.errstate(all="ignore"):
        ratio = np.abs(got - wanted) / (atol + rtol * np.abs(wanted))
        is_equal = (got == wanted) | (np.isnan(got) & np.isnan(wanted))
    ratio = np.where(is_equal, 0.0, np.where(np.isnan(ratio), math.inf, ratio))
    return float(ratio.max())


# ------------------------------------------------------------------ the same answer
def same(one: Answer | None, other: Answer | None) -> bool:
    """Whether diagnosis takes two answers for one; None is a call that came to no end."""
    return one is other if one is None or other is None else one.same(other)


def all_same(one: CaseRun, other: CaseRun) -> bool:
    """Whether a case cannot tell two boxes apart."""
    return len(one.answers) == len(other.answers) and all(map(same, one.answers, other.answers))


def as_array(value: Any) -> np.ndarray | None:
    """Numbers as an array, None where there are none or no regular shape."""
    try:
        found = np.asarray(value)
    except (ValueError, TypeError, OverflowError):
        return None
    return found if found.dtype.kind in "biuf" else None
