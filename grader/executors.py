"""Where submissions are graded: in this process, or in several; each gives exactly one result."""

from __future__ import annotations

import contextlib
import multiprocessing
import os
import signal
import threading
import time
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from multiprocessing import resource_tracker
from multiprocessing.connection import Connection, wait
from typing import Any, Protocol

from grader import interrupts
from grader.errors import GraderError
from grader.records import Submission, SubmissionResult

#: A submission's number, the submission, and whether another one will follow it in the same process.
Job = tuple[int, Submission, bool]
Done = Callable[[int, SubmissionResult], None]
#: Grading processes that may die before their first job until the run is given up.
PATIENCE = 3
END_SECONDS = 5.0  # for grading processes that have nothing left to do


def usable_cores() -> int:
    """Processor cores that this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


class Work(Protocol):
    """What is to be done with submissions; it is pickled for other processes."""

    def serve(self, jobs: Iterable[Job], done: Done, place: int) -> None:
        """Grade `jobs` one after the other in grading process number `place`."""

    def lost(self, submission: Submission, reason: str) -> SubmissionResult:
        """The result of a submission whose grading process died."""


def execute(work: Work, submissions: Iterable[Submission], count: int, jobs: int, done: Done) -> None:
    """Grade `submissions` (`count` of them) in `jobs` processes and tell `done` of each result."""
    jobs = min(jobs, count)
    if jobs > 1:
        in_processes(work, submissions, count, jobs, done)
    else:
        work.serve(((i, submission, i + 1 < count) for i, submission in enumerate(submissions)), done, 0)


# ------------------------------------------------------------------ several processes
def in_processes(work: Work, submissions: Iterable[Submission], count: int, jobs: int, done: Done) -> None:
    """In processes that each grade one submission at a time; one that dies costs only what it was grading."""
    waiting = ((i, submission, i + jobs < count) for i, submission in enumerate(submissions))
    left, died_early = count, 0
    workers: list[_Worker] = []
    try:
        workers += (_start(work, place) for place in range(jobs))
        while left:
            ready = wait([worker.connection for worker in workers])
            for place, worker in enumerate(workers):
                if worker.connection not in ready:
                    continue
                try:
                    answer = _answer(worker)
                except EOFError:
                    died_early += not worker.is_ready
                    if died_early >= PATIENCE:
                        raise GraderError("the grading processes die before they start") from None
                    answer = _epitaph(work, worker)
                    worker = workers[place] = _start(work, place)
                else:
                    died_early = 0 if answer is None else died_early
                    worker.give(next(waiting, None))
                if answer is not None:
                    done(*answer)
                    left -= 1
        _let_end(workers)
    finally:
        with interrupts.uninterrupted():
            for worker in workers:
                worker.process.kill()
                worker.process.join()
                worker.connection.close()


def _let_end(workers: list[_Worker]) -> None:
    """All is done: each closes the sandbox that it had started for a job that did not come."""
    end = time.monotonic() + END_SECONDS
    for worker in workers:
        worker.connection.close()
    for worker in (one for one in workers if one.is_ready):  # the others have nothing yet
        worker.process.join(max(0.0, end - time.monotonic()))


@dataclass
class _Worker:
    process: Any
    connection: Connection
    job: Job | None = None
    is_ready: bool = False

    def give(self, job: Job | None) -> None:
        self.job, self.is_ready = job, True
        if job is not None:
            with contextlib.suppress(OSError):  # it has just died: its end of the pipe will tell
                self.connection.send(job)


def _start(work: Work, place: int) -> _Worker:
    context = multiprocessing.get_context("spawn")  # a fork would copy threads' locks
    ours, theirs = context.Pipe()
    process = context.Process(target=_serve, args=(theirs, work, place), daemon=True)
    with _elsewhere():
        resource_tracker.ensure_running()  # process.start would, and let the signals through
        before = signal.pthread_sigmask(signal.SIG_BLOCK, interrupts.SIGNALS)  # until it can ignore them
        try:
            process.start()
        finally:
            signal.pthread_sigmask(signal.SIG_SETMASK, before)
    theirs.close()
    return _Worker(process, ours)


@contextlib.contextmanager
def _elsewhere() -> Iterator[None]:
    """A new Python imports from the current folder first, where a hand-in may be called ``pickle.py``."""
    here = os.open(".", os.O_RDONLY)
    os.chdir("/")
    try:
        yield
    finally:
        os.fchdir(here)
        os.close(here)


def _answer(worker: _Worker) -> tuple[int, SubmissionResult] | None:
    """What a worker says: None when it is ready, later its results; EOFError when it has died."""
    try:
        message = worker.connection.recv()
    except OSError:
        raise EOFError from None
    if isinstance(message, Exception):
        raise message
    return message


def _epitaph(work: Work, worker: _Worker) -> tuple[int, SubmissionResult] | None:
    """The result of what a dead worker was grading."""
    worker.process.join()
    worker.connection.close()
    if worker.job is None:
        return None
    number, submission, _ = worker.job
    return number, work.lost(submission, f"the grading process died (exit code {worker.process.exitcode})")


def _serve(connection: Connection, work: Work, place: int) -> None:
    """The grading process: says None when it is ready, then answers every job with (number, result)."""
    for number in interrupts.SIGNALS:  # the first process's to handle
        signal.signal(number, signal.SIG_IGN)
    signal.pthread_sigmask(signal.SIG_UNBLOCK, interrupts.SIGNALS)
    threading.Thread(target=_end_with_the_first_process, daemon=True).start()

    def jobs() -> Iterator[Job]:
        connection.send(None)
        with contextlib.suppress(EOFError):  # there are no more
            while True:
                yield connection.recv()

    def done(number: int, result: SubmissionResult) -> None:
        connection.send((number, result))

    try:
        work.serve(jobs(), done, place)
    except OSError:
        pass  # the first process has gone
    except GraderError as problem:
        connection.send(problem)


def _end_with_the_first_process() -> None:
    """Its pipe would tell only after the submission that is being graded."""
    multiprocessing.parent_process().join()
    os._exit(1)
