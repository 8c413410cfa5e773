"""Submission in, result out: the grader's arrow line as one short function, and a class as its repetition."""

from __future__ import annotations

import importlib.metadata
import time
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import datetime, timedelta, timezone
from types import MappingProxyType

from grader import executors, feedback, interrupts, score
from grader.cases import Attempts, with_attempts
from grader.errors import AssignmentError, GraderError
from grader.examiner import Examiner
from grader.intake.collect import HandIn
from grader.journal import Recorder, Unrecorded
from grader.records import Assignment, ClassResult, SandboxReport, Submission, SubmissionResult
from grader.sandbox import Limits, Rung, Sandbox, WorkerProcess, remove_left

UNRECORDED = Unrecorded()


@dataclass(frozen=True)
class Plan:
    """What all submissions of a run share; travels to the grading processes."""

    assignment: Assignment
    rung: Rung
    seed: int

    @property
    def limits(self) -> Limits:
        return Limits.from_mapping(self.assignment.limits)

    @property
    def sandbox(self) -> SandboxReport:
        return SandboxReport(self.rung.name, self.rung.missing)

    def serve(self, jobs: Iterable[executors.Job], done: executors.Done, place: int) -> None:
        """Grade one submission after the other, in grading process number `place`."""

        def body(attempts: Attempts) -> None:
            examiner = Examiner(self.assignment, attempts, self.seed)
            with Boxes(self, place) as boxes:
                for number, submission, more in jobs:
                    done(number, grade(submission, self, examiner, boxes, more))

        with_attempts(self.assignment, self.seed, body)

    def lost(self, submission: Submission, reason: str) -> SubmissionResult:
        """Not graded, for a `reason` of ours."""
        sentence = feedback.not_graded(reason[:300])
        return score.without_cases(self.assignment, submission, "internal_error", sentence)


def grade(
    submission: Submission, plan: Plan, examiner: Examiner, boxes: Boxes, more: bool = False
) -> SubmissionResult:
    """submission -> sandbox -> cases, diagnosis -> score.

    Parameters
    ----------
    submission : Submission
    plan : Plan
    examiner : Examiner
    boxes : Boxes
    more : bool, default False
        Another submission follows: its sandbox starts while this one is graded.
    """
    if submission.source is None and submission.is_ours:
        return plan.lost(submission, submission.refusal)
    if submission.source is None:
        return score.without_cases(plan.assignment, submission, "refused", submission.refusal)
    start = time.perf_counter()
    try:
        with boxes.open(submission, more) as box:
            cases, diagnosis = examiner.run(box)
    except AssignmentError:
        raise
    except Exception as problem:  # a SandboxError, or a fault of ours: neither is the student's zero
        return plan.lost(submission, f"{type(problem).__name__}: {problem}")
    result = score.submission(plan.assignment, submission, cases, time.perf_counter() - start)
    return replace(result, diagnosis=diagnosis)


def grade_class(
    plan: Plan,
    hand_ins: Sequence[HandIn],
    *,
    jobs: int = 1,
    finished: Mapping[int, SubmissionResult] = MappingProxyType({}),
    recorder: Recorder | Unrecorded = UNRECORDED,
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
    finished : mapping of places in `hand_ins` to SubmissionResult, optional
        From ``Recorder.finished``: these are not graded again.
    recorder : Recorder, optional
        Writes every result down as it comes.
    progress : function (SubmissionResult), optional
        Told of every result, once it is written down, in any order.

    Returns
    -------
    ClassResult
        In the order of `hand_ins`. After Ctrl-C, or when the grading had to stop, it holds what was graded,
        and ``complete`` is False.
    """
    results = dict(finished)
    left = [place for place in range(len(hand_ins)) if place not in results]
    keys: dict[int, str] = {}

    def submissions() -> Iterator[Submission]:
        for number, place in enumerate(left):
            submission = hand_ins[place].read()
            keys[number] = recorder.key(submission)
            yield submission

    def done(number: int, result: SubmissionResult) -> None:
        with interrupts.uninterrupted():
            results[left[number]] = result
            recorder.add(keys.pop(number), result)
        progress(result)

    clock, complete = _Clock(), True
    try:
        with interrupts.allowing(0):
            executors.execute(plan, submissions(), len(left), jobs, done)
    except KeyboardInterrupt:
        complete = False
    except (GraderError, OSError) as problem:
        if not results:
            raise
        recorder.stop(problem)
        complete = False
    finally:
        with interrupts.uninterrupted():
            remove_left()
    return ClassResult(
        assignment=plan.assignment,
        submissions=tuple(results[place] for place in sorted(results)),
        sandbox=plan.sandbox,
        seed=plan.seed,
        started=clock.started(),
        finished=clock.now(),
        roikit_version=importlib.metadata.version("roikit"),
        complete=complete,
    )


class Boxes:
    """Sandboxes, one submission after the other; the next one starts while the current one is used."""

    def __init__(self, plan: Plan, place: int = 0) -> None:
        self._limits, self._rung = plan.limits, plan.rung
        self._place = place
        self._next: WorkerProcess | None = None

    @contextmanager
    def open(self, submission: Submission, more: bool) -> Iterator[Sandbox]:
        """The sandbox of one submission; `more` starts the one after it."""
        prepared, self._next = self._next, None
        box = Sandbox(submission.source, self._limits, self._rung, self._place, prepared)
        try:
            if more:
                self._next = WorkerProcess(self._limits, self._rung, self._place)
            yield box
        finally:
            with interrupts.uninterrupted():
                box.close()

    def __enter__(self) -> Boxes:
        return self

    def __exit__(self, *exception: object) -> None:
        if self._next is not None:
            with interrupts.uninterrupted():
                self._next.close()


class _Clock:
    """The time of day when it was made, and what has passed since: nobody can set that back."""

    def __init__(self) -> None:
        self._day, self._start = datetime.now(timezone.utc), time.monotonic()

    def started(self) -> str:
        return self._day.isoformat(timespec="seconds")

    def now(self) -> str:
        passed = timedelta(seconds=time.monotonic() - self._start)
        return (self._day + passed).isoformat(timespec="seconds")
