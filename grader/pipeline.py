"""Submission in, result out: the grader's arrow line as one short function, and a class as its repetition."""

from __future__ import annotations

import importlib.metadata
import time
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, replace
from datetime import datetime, timedelta, timezone
from types import MappingProxyType

from grader import executors, feedback, interrupts, score
from grader.cache import NoCache, Results
from grader.cases import Attempts, with_attempts
from grader.errors import AssignmentError, GraderError, SandboxError
from grader.examiner import Examiner
from grader.executors.parcel import PlanParcel, of_plan
from grader.intake.collect import HandIn
from grader.recorder import Recorder, Unrecorded
from grader.records import Assignment, ClassResult, SandboxReport, Submission, SubmissionResult
from grader.sandbox import Limits, Rung, Sandbox, WorkerProcess, remove_left


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
                for number, submission in jobs:
                    done(number, grade(submission, self, examiner, boxes))

        with_attempts(self.assignment, self.seed, body)

    def parcel(self) -> PlanParcel:
        """What travels to another machine, with the assignment's files."""
        return of_plan(self)

    def lost(self, submission: Submission, reason: str) -> SubmissionResult:
        """Not graded, for a `reason` of ours."""
        sentence = feedback.not_graded(reason[:300])
        return score.without_cases(self.assignment, submission, "internal_error", sentence)


def grade(submission: Submission, plan: Plan, examiner: Examiner, boxes: Boxes) -> SubmissionResult:
    """submission -> sandbox -> cases, diagnosis -> score."""
    if submission.source is None and submission.is_ours:
        return plan.lost(submission, submission.refusal)
    if submission.source is None:
        return score.without_cases(plan.assignment, submission, "refused", submission.refusal)
    start = time.perf_counter()
    try:
        with boxes.open(submission) as box:
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
    jobs: executors.Where = 1,
    finished: Mapping[int, str] = MappingProxyType({}),
    recorder: Recorder | Unrecorded | None = None,
    known: Results | None = None,
    progress: Callable[[SubmissionResult], None] = lambda result: None,
) -> ClassResult:
    """Grade a class.

    Parameters
    ----------
    plan : Plan
        Assignment, rung of the sandbox, seed.
    hand_ins : sequence of HandIn
        From ``collect.hand_ins``; each is read when its turn comes.
    jobs : int or executors.Dask, default 1
        Grading processes; 1 grades in this one. Or a cluster of Dask.
    finished : mapping of places in `hand_ins` to keys, optional
        From ``Recorder.finished``: these are not graded again.
    recorder : Recorder, optional
        Writes every result down as it comes; without one they stay in memory.
    known : Results, optional
        From ``cache.of_run``: of equal code one is graded, and left there for others.
    progress : function (SubmissionResult), optional
        Told of every result, once it is written down, in any order.

    Returns
    -------
    ClassResult
        In the order of `hand_ins`. After Ctrl-C, or when the grading had to stop, it holds what was graded,
        and ``complete`` is False.
    """
    recorder, known = recorder or Unrecorded(), known or NoCache()
    graded = dict(finished)
    left = [place for place in range(len(hand_ins)) if place not in graded]
    under_way: dict[int, tuple[int, str, str]] = {}  # number -> place, recorder's key, cache's key

    def submissions(places: Sequence[int]) -> Iterator[Submission]:
        for number, place in enumerate(places):
            submission = hand_ins[place].read()
            under_way[number] = place, recorder.key(submission), known.key(submission)
            yield submission

    def done(number: int, result: SubmissionResult) -> None:
        place, key, content = under_way.pop(number)
        with interrupts.uninterrupted():
            graded[place] = key
            recorder.add(key, result)
            known.add(content, result)
        progress(result)

    def found(place: int, submission: Submission, result: SubmissionResult) -> None:
        with interrupts.uninterrupted():
            key = graded[place] = recorder.key(submission)
            recorder.add(key, result)
        progress(result)

    clock, complete = _Clock(), True
    try:
        with interrupts.allowing(0):
            for places in known.rounds(left, hand_ins, found):
                executors.execute(plan, submissions(places), len(places), jobs, done)
    except KeyboardInterrupt:
        complete = False
    except (GraderError, OSError) as problem:
        if not graded:
            raise
        recorder.stop(problem)
        complete = False
    finally:
        with interrupts.uninterrupted():
            remove_left()
    return ClassResult(
        assignment=plan.assignment,
        submissions=recorder.recorded([graded[place] for place in sorted(graded)]),
        sandbox=plan.sandbox,
        seed=plan.seed,
        started=clock.started(),
        finished=clock.now(),
        roikit_version=importlib.metadata.version("roikit"),
        complete=complete,
    )


class Boxes:
    """Sandboxes, one submission after the other, in one worker as long as that is as new after each."""

    def __init__(self, plan: Plan, place: int = 0) -> None:
        self._limits, self._rung = plan.limits, plan.rung
        self._place = place
        self._worker: WorkerProcess | None = None

    @contextmanager
    def open(self, submission: Submission) -> Iterator[Sandbox]:
        """The sandbox of one submission."""
        worker, self._worker = self._worker, None
        box = Sandbox(submission.source, self._limits, self._rung, self._place, worker)
        try:
            yield box
        except BaseException:
            with interrupts.uninterrupted():
                box.close()
            raise
        with interrupts.uninterrupted(), suppress(SandboxError, OSError):  # the next submission would tell
            # A new one starts while the grader does other things.
            self._worker = box.leave() or WorkerProcess(self._limits, self._rung, self._place)

    def __enter__(self) -> Boxes:
        return self

    def __exit__(self, *exception: object) -> None:
        if self._worker is not None:
            with interrupts.uninterrupted():
                self._worker.close()


class _Clock:
    """The time of day when it was made, and what has passed since: nobody can set that back."""

    def __init__(self) -> None:
        self._day, self._start = datetime.now(timezone.utc), time.monotonic()

    def started(self) -> str:
        return self._day.isoformat(timespec="seconds")

    def now(self) -> str:
        passed = timedelta(seconds=time.monotonic() - self._start)
        return (self._day + passed).isoformat(timespec="seconds")
