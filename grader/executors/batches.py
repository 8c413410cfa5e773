"""Batches of submissions, and what came of them; who gets which is decided in `grader.executors.spread`."""

from __future__ import annotations

import dataclasses
import json
import pickle
import statistics
import time
from collections import deque
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any

from grader import packing
from grader.errors import AssignmentError, GraderError, SandboxError
from grader.executors import Job, Work
from grader.executors.stations import DieEarly
from grader.records import Submission, SubmissionResult

#: Submissions in one batch: so many at first, and so many at most.
FIRST, MOST = 8, 32
#: A batch is meant to take no longer: what is in it is lost with its worker, and told only when all is done.
BATCH_SECONDS = 5.0
#: Characters of source in one batch.
BATCH_TEXT = 4 << 20

Results = dict[int, SubmissionResult]


@dataclass(eq=False)
class Batch:
    """Some jobs, and the workers that have them."""

    jobs: tuple[Job, ...]
    deaths: int = 0  # of workers that had them
    runs: dict[int, str] = field(default_factory=dict)  # ticket -> address
    first: Results | None = None  # of one of two runs, while the other is awaited
    first_host: str = ""
    given: float = 0.0  # when

    @property
    def is_suspect(self) -> bool:
        """Its worker died: alone on the next one, it cannot take others along."""
        return self.deaths > 0

    def packed(self) -> bytes:
        return pickle.dumps(self.jobs, pickle.HIGHEST_PROTOCOL)

    def alone(self) -> Iterator[Batch]:
        """Each of its jobs for itself, after the death of a worker that had them."""
        for job in self.jobs:
            yield Batch((job,), self.deaths + 1)


class Source:
    """Cuts batches from the submissions, which are read as they are needed."""

    def __init__(self, submissions: Iterable[Submission], count: int) -> None:
        self._submissions = enumerate(submissions)
        self._count = count
        self._taken = 0
        self._seconds: deque[float] = deque(maxlen=64)

    @property
    def is_empty(self) -> bool:
        return self._taken >= self._count

    def took(self, seconds: Iterable[float]) -> None:
        """What submissions took lately."""
        self._seconds.extend(seconds)

    def next(self, places: int) -> Batch:
        """The next batch, where there are so many stations in all; smaller ones at the end."""
        jobs: list[Job] = []
        text, size = 0, self._size(places)
        while len(jobs) < size and text < BATCH_TEXT and not self.is_empty:
            number, submission = next(self._submissions)
            self._taken += 1
            jobs.append((number, submission))
            text += _length(submission)
        return Batch(tuple(jobs))

    def _size(self, places: int) -> int:
        most = MOST if self._seconds else FIRST
        if self._seconds:
            most = min(most, int(BATCH_SECONDS / max(1e-3, statistics.fmean(self._seconds))))
        return max(1, min(most, (self._count - self._taken) // (4 * max(1, places))))


def _length(submission: Submission) -> int:
    source = submission.source
    return sum(len(cell.text) for cell in (*source.cells, *source.modules)) if source else 0


# ------------------------------------------------------------------ what came back
class NotThere(Exception):
    """The worker knows nothing of this run: its process is new."""


class Unfit(Exception):
    """The worker cannot grade, and says why."""


_KINDS: dict[str, type[GraderError]] = {"AssignmentError": AssignmentError, "SandboxError": SandboxError}


def results(answer: bytes, batch: Batch) -> Results:
    """What a worker found, checked field by field: exactly the results of the batch.

    Raises
    ------
    NotThere, Unfit
        The worker's, see there.
    GraderError
        Of the assignment: it would be the same everywhere.
    """
    said = read(answer)
    if said.get("unknown"):
        raise NotThere
    if "problem" in said:
        problem = str(said["problem"])
        if said.get("kind") in ("OSError", DieEarly.__name__, "SandboxError"):
            raise Unfit(problem)
        raise _KINDS.get(str(said.get("kind")), GraderError)(problem)
    try:
        found = {number: packing.unpack(text) for number, text in said["results"]}
    except (KeyError, TypeError, ValueError, packing.NoResult) as problem:
        raise Unfit(f"its results cannot be read ({problem})") from None
    if list(found) != [number for number, _ in batch.jobs]:
        raise Unfit("its results are those of others")
    return found


def read(answer: Any) -> dict[str, Any]:
    """The fields of an answer; `Unfit` where it is none."""
    try:
        said = json.loads(answer) if isinstance(answer, bytes) else None
    except (ValueError, RecursionError):
        said = None
    if not isinstance(said, dict):
        raise Unfit("its answer cannot be read")
    return said


def agreed(work: Work, batch: Batch, second: Results, second_host: str) -> Results:
    """The results of a batch that two workers graded; where they differ, nobody knows which one is right."""
    assert batch.first is not None
    found = {}
    for number, submission in batch.jobs:
        one, other = batch.first[number], second[number]
        if without_seconds(one) == without_seconds(other):
            found[number] = one
        else:
            reason = f"{batch.first_host} and {second_host} graded it differently"
            found[number] = work.lost(submission, reason)
    return found


def without_seconds(result: SubmissionResult) -> Any:
    def strip(value: Any) -> Any:
        if isinstance(value, dict):
            return {name: strip(inner) for name, inner in value.items() if name != "seconds"}
        return [strip(inner) for inner in value] if isinstance(value, list | tuple) else value

    return strip(dataclasses.asdict(result))


def now() -> float:
    return time.monotonic()
