"""Where submissions are graded: in this process, in several, on Dask's workers; each gives one result.

    execute -> serial       in this process
            -> processes    in stations: grading processes of this machine, one submission at a time each
            -> spread       on the workers of a Dask cluster, whose processes keep stations of their own

A station (``stations``: our end of it, ``station``: its own) is the one place where submissions are graded
beside this process. ``spread`` hands out ``batches`` through a link to the workers (``dask``, the only module
that imports it); on a worker ``outpost`` does what it is told. Before that ``hosts`` says who may take part,
and a ``parcel`` brings what the work needs.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Protocol

from grader.records import Submission, SubmissionResult

#: A submission and its number.
Job = tuple[int, Submission]
Done = Callable[[int, SubmissionResult], None]


class Work(Protocol):
    """What is to be done with submissions; it is pickled for other processes.

    One that needs files of this machine has a ``parcel()`` as well: see `grader.executors.parcel`.
    """

    def serve(self, jobs: Iterable[Job], done: Done, place: int) -> None:
        """Grade `jobs` one after the other in grading process number `place`."""

    def lost(self, submission: Submission, reason: str) -> SubmissionResult:
        """The result of a submission whose grading process died."""


@dataclass(frozen=True)
class Dask:
    """On the workers of a Dask cluster: ``tcp://HOST:PORT``, ``tls://HOST:PORT``, or our own, ``local:N``."""

    address: str
    say: Callable[[str], None] = lambda sentence: None  # told who is refused, and why


#: A number of processes on this machine, or a cluster.
Where = int | Dask


def usable_cores() -> int:
    """Processor cores that this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def execute(work: Work, submissions: Iterable[Submission], count: int, where: Where, done: Done) -> None:
    """Grade `submissions` (`count` of them) and tell `done` of each result, in this thread.

    Parameters
    ----------
    work : Work
    submissions : iterable of Submission
        Read as they are handed out, in order.
    count : int
        How many there are.
    where : int or Dask
        Grading processes on this machine, of which 1 is this one; or a Dask cluster.
    done : function (number, result)
        Called once for each submission, in any order.

    Raises
    ------
    GraderError
        It cannot go on; `done` was told of everything that was finished.
    """
    if isinstance(where, Dask):
        from grader.executors.dask import on_workers

        if count:
            on_workers(work, submissions, count, where, done)
    elif min(where, count) > 1:
        from grader.executors.processes import in_processes

        in_processes(work, submissions, count, min(where, count), done)
    else:
        work.serve(enumerate(submissions), done, 0)
