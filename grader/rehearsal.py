"""Before any student is graded, the tests are tried: on nothing, on nonsense, and on the solutions.

Nothing and nonsense run in this process, in milliseconds; the solution, the assignment's own notebook, goes
through the sandbox like any hand-in. A test that gives its points to nothing or to nonsense does not look at
the answer; one that fails by itself on nonsense would leave a student without a grade; and where the solution
does not earn everything, nobody can. The solution that the bank of misconceptions starts from must, too: what
it gave otherwise would be taken for right.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from grader.attempts import Attempt
from grader.cases import Attempts, with_attempts
from grader.diagnosis import Diagnoser, has_bank, load
from grader.errors import AssignmentError, SandboxError, SubmissionError
from grader.intake import extract
from grader.records import Assignment, CallOutcome, Source
from grader.sandbox import Sandbox

if TYPE_CHECKING:
    from grader.pipeline import Plan

#: What a function might return that has misunderstood everything; none of it is the answer to any question.
NONSENSE: tuple[Any, ...] = (
    None, "nonsense", float("nan"), -1j, (), ([1], [2, 3]), {"roi": None}, np.zeros((0, 7)),
)  # fmt: skip


def rehearse(plan: Plan) -> None:
    """Try the tests of a run, with the run's seed: the inputs are those that the students will get.

    Raises
    ------
    AssignmentError
        A test gives points for no work, fails by itself, hangs, or finds the solution wrong; with its line.
    SandboxError
        The sandbox does not work.
    """
    source = solution(plan.assignment)

    def body(attempts: Attempts) -> None:
        for attempt in attempts(_Absent()):
            _expect_failure(attempt, "without calling any function of the student")
        _try_nonsense(attempts)
        if has_bank(plan.assignment):
            bank = load(plan.assignment)
            for attempt in attempts(bank.candidate()):
                _expect_full(attempt, "the right solution in misconceptions.py")
            Diagnoser(bank, attempts, plan.seed)  # draws the further inputs of this run
        with Sandbox(source, plan.limits, plan.rung) as box:
            for attempt in attempts(box):
                _expect_full(attempt, f"the solution in {plan.assignment.notebook.name}")

    with_attempts(plan.assignment, plan.seed, body)


def solution(assignment: Assignment) -> Source:
    """The assignment's own notebook, as a hand-in."""
    notebook = assignment.notebook
    try:
        return extract.source(notebook.name, notebook.read_bytes())
    except (OSError, SubmissionError) as problem:
        reason = problem.strerror if isinstance(problem, OSError) else problem
        raise AssignmentError(
            f"{notebook.name}, the solution on which the tests are tried, cannot be read: {reason}"
        ) from None


# ------------------------------------------------------------------ boxes without a student
class _Absent:
    """A hand-in without a function."""

    def call(self, function: str, args: tuple, kwargs: dict, seed: int = 0) -> CallOutcome:
        return CallOutcome("error", f"{function} is not defined", phase="lookup")


class _Nonsense:
    """A hand-in whose functions spoil their arguments and return `value`."""

    def __init__(self, value: Any) -> None:
        self._value = value

    def call(self, function: str, args: tuple, kwargs: dict, seed: int = 0) -> CallOutcome:
        return CallOutcome("returned", value=self._value, changed=tuple(range(len(args))))


# ------------------------------------------------------------------ what a test must do with them
def _try_nonsense(attempts: Attempts) -> None:
    """No case breaks at any of it, and each says no to some of it."""
    runs = [tuple(attempts(_Nonsense(value))) for value in NONSENSE]
    for value, run in zip(NONSENSE, runs, strict=True):
        for attempt in run:
            _expect_sound(attempt, f", where the function returned {_shown(value)}; look at its kind first")
    for same_case in zip(*runs, strict=True):
        if all(attempt.raised is None for attempt in same_case):
            _expect_failure(same_case[0], "whatever the function returns: it checks nothing")


def _expect_sound(attempt: Attempt, circumstances: str = "") -> None:
    if isinstance(attempt.raised, SandboxError):
        raise attempt.raised
    if attempt.fault:
        raise AssignmentError(f"{attempt.fault} ({attempt.case.name}{circumstances})")


def _expect_failure(attempt: Attempt, circumstances: str) -> None:
    _expect_sound(attempt)
    if attempt.raised is None:
        raise AssignmentError(f"{attempt.place}: {attempt.case.name} passes {circumstances}")


def _expect_full(attempt: Attempt, solution: str) -> None:
    _expect_sound(attempt)
    found = attempt.result()
    if found.outcome != "correct":
        raise AssignmentError(
            f"{attempt.place}: {found.case} finds {solution} {found.outcome}: {found.sentence}"
        )


def _shown(value: Any) -> str:
    return f"an array of shape {value.shape}" if isinstance(value, np.ndarray) else repr(value)
