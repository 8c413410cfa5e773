"""Submission in, result out: the grader's arrow line as one short function, and a class as its repetition."""

from __future__ import annotations

import importlib.metadata
import itertools
import time
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timezone

from grader import executors, feedback, score
from grader.cases import Run, with_cases
from grader.collect import HandIn
from grader.errors import AssignmentError
from grader.records import Assignment, ClassResult, SandboxReport, Submission, SubmissionResult
from grader.sandbox import Limits, Rung, Sandbox, WorkerProcess


@dataclass(frozen=True)
class Plan:
    """What all submissions of a run share; travels to the grading processes."""

    assignment: Assignment
    rung: Rung
    seed: int

    @property
    def limits(self) -> Limits:
        return Limits.from_mapping(self.assignment.limits)

    def serve(self, jobs: Iterable[executors.Job], done: executors.Done, place: int) -> None:
        """Grade one submission after the other, in grading process number `place`."""

        def body(run: Run) -> None:
            with Boxes(self, place) as boxes:
                for number, submission, more in jobs:
                    done(number, grade(submission, self, run, boxes, more))

        with_cases(self.assignment, self.seed, body)

    def lost(self, submission: Submission, reason: str) -> SubmissionResult:
        """Not graded, for a `reason` of ours."""
        sentence = feedback.not_graded(reason[:300])
        return score.without_cases(self.assignment, submission, "internal_error", sentence)


def grade(submission: Submission, plan: Plan, run: Run, boxes: Boxes, more: bool = False) -> SubmissionResult:
    """submission -> sandbox -> cases -> score.

    Parameters
    ----------
    submission : Submission
    plan : Plan
    run : function (box) -> cases
        From ``cases.with_cases``.
    boxes : Boxes
    more : bool, default False
        Another submission follows: its sandbox starts while this one is graded.
    """
    if submission.source is None and submission.is_ambiguous:
        return plan.lost(submission, submission.refusal)
    if submission.source is None:
        return score.without_cases(plan.assignment, submission, "refused", submission.refusal)
    start = time.perf_counter()
    try:
        with boxes.open(submission, more) as box:
            cases = run(box)
    except AssignmentError:
        raise
    except Exception as problem:  # a SandboxError, or a fault of ours: neither is the student's zero
        return plan.lost(submission, f"{type(problem).__name__}: {problem}")
    return score.submission(plan.assignment, submission, cases, time.perf_counter() - start)


def grade_class(
    plan: Plan,
    hand_ins: Sequence[HandIn],
    *,
    jobs: int = 1,
    progress: Callable[[SubmissionResult], None] = lambda result: None,
) -> ClassResult:
    """Grade a class.

    Parameters
    ----------
    plan : Plan
        Assignment, rung of the sandbox, seed.
    hand_ins : sequence of HandIn
        From ``collect.hand_ins``; each is read when its turn comes.
    jobs : int, default 1
        Grading processes; 1 grades in this one.
    progress : function (SubmissionResult), optional
        Told of every result as it comes, in any order.

    Returns
    -------
    ClassResult
        In the order of `hand_ins`. After Ctrl-C it holds what was graded, and ``complete`` is False.
    """
    results: dict[int, SubmissionResult] = {}

    def done(number: int, result: SubmissionResult) -> None:
        results[number] = result
        progress(result)

    started, complete = _now(), True
    try:
        executors.execute(plan, (hand_in.read() for hand_in in hand_ins), len(hand_ins), jobs, done)
    except KeyboardInterrupt:
        complete = False
    return ClassResult(
        assignment=plan.assignment,
        submissions=tuple(results[number] for number in sorted(results)),
        sandbox=SandboxReport(plan.rung.name, plan.rung.missing),
        seed=plan.seed,
        started=started,
        finished=_now(),
        roikit_version=importlib.metadata.version("roikit"),
        complete=complete,
    )


class Boxes:
    """Sandboxes, one submission after the other; the next one starts while the current one is used."""

    def __init__(self, plan: Plan, place: int = 0) -> None:
        self._limits, self._rung = plan.limits, plan.rung
        self._slots = itertools.cycle((place, place + 1))  # two cores in turn: one calls, one starts
        self._slot = next(self._slots)
        self._next: WorkerProcess | None = None

    def open(self, submission: Submission, more: bool) -> Sandbox:
        """The sandbox of one submission; `more` starts the one after it."""
        slot, self._slot = self._slot, next(self._slots)
        prepared, self._next = self._next, None
        box = Sandbox(submission.source, self._limits, self._rung, slot, prepared)
        if more:
            self._next = WorkerProcess(self._limits, self._rung, self._slot)
        return box

    def __enter__(self) -> Boxes:
        return self

    def __exit__(self, *exception: object) -> None:
        if self._next is not None:
            self._next.close()


def _now() -> str:
    return datetime.now(timezone.utc).isoformat(timespec="seconds")
