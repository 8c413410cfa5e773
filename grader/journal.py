"""``journal.jsonl``: one line a finished job, on the disk before anything is said about it.

A line holds the job's fingerprint, its whole result and a checksum, so that what a kill or a full disk left
half written is noticed. The file is only ever added to; a grader that is started again takes from it what it
would find again. While it runs it holds a lock on the file, which ends with the process, however that ends.

::

    {"roikit-journal":1,"sha256":"...","job":{"key":"...","plan":"...","assignment":"roi_pool","seed":5,
     "student":"ada","outcome":"correct","score":40.0,"result":"..."}}
"""

from __future__ import annotations

import hashlib
import json
import os
import stat
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from grader import fingerprint, packing
from grader.errors import GraderError
from grader.records import Submission, SubmissionResult
from grader.report.files import sync_folder

if TYPE_CHECKING:
    from grader.intake.collect import HandIn
    from grader.pipeline import Plan

NAME = "journal.jsonl"
_BEGIN = b'{"roikit-journal":1,"sha256":"'
_MIDDLE = b'","job":'
_END = b"}\n"
_JOB = slice(len(_BEGIN) + 64 + len(_MIDDLE), -len(_END))
_FIELDS = {
    "key": str, "plan": str, "assignment": str, "seed": int, "student": str, "outcome": str,
    "score": (float, type(None)), "result": str,
}  # fmt: skip


class JournalError(GraderError):
    """A finished job cannot be written down: the grading stops, so that nothing finished is lost."""


class _Place(NamedTuple):
    """Where a job's line lies in the file."""

    offset: int
    length: int


# ------------------------------------------------------------------ the file
class Journal:
    """The open, locked file; see `opened`, `reading`. In memory are the places of its lines alone."""

    def __init__(self, path: Path, fd: int, is_to_read: bool = False) -> None:
        self.path, self._fd, self._is_to_read = path, fd, is_to_read
        self.damaged = 0  # lines that cannot be used
        self._seeds: dict[str, int] = {}  # the last of each assignment
        self._jobs: dict[str, _Place] = {}
        self._students: dict[tuple[str, str], str] = {}  # (plan, student) -> key of the last job
        self._size = 0
        self._scan()

    def seed(self, assignment: str) -> int | None:
        """The seed with which the assignment was graded last."""
        return self._seeds.get(assignment)

    def find(self, key: str) -> SubmissionResult | None:
        """The result of a job, or None where it is not here or not whole."""
        place = self._jobs.get(key)
        if place is None:
            return None
        try:
            return packing.unpack(_job(os.pread(self._fd, place.length, place.offset))["result"])
        except (ValueError, OSError):  # damaged since it was found, or no result in it
            self.damaged += 1
            del self._jobs[key]
            return None

    def find_student(self, plan: str, student: str) -> SubmissionResult | None:
        """The last result of a student under a plan, or None."""
        return self.find(self._students.get((plan, student), ""))

    def jobs(self) -> Iterator[dict[str, Any]]:
        """Every job as it was written, its result still packed; of equal keys the last one."""
        for place in self._jobs.values():
            with suppress(ValueError):  # damaged since it was found
                yield _job(os.pread(self._fd, place.length, place.offset))

    def add(self, job: Mapping[str, Any]) -> None:
        """Write one job down; it is on the disk when this returns.

        Raises
        ------
        JournalError
            It cannot be written; what was there before is whole.
        """
        line = _line(job)
        try:
            unwritten = memoryview(line)
            while unwritten:
                unwritten = unwritten[os.write(self._fd, unwritten) :]
            os.fsync(self._fd)
        except OSError as problem:
            with suppress(OSError):
                os.ftruncate(self._fd, self._size)
            raise JournalError(f"{self.path} cannot be written: {problem.strerror}") from None
        self._note(job, _Place(self._size, len(line)))

    def clear(self) -> None:
        """Begin anew."""
        os.ftruncate(self._fd, 0)
        os.fsync(self._fd)
        self.damaged = self._size = 0
        for index in (self._seeds, self._jobs, self._students):
            index.clear()

    def _note(self, job: Mapping[str, Any], place: _Place) -> None:
        self._seeds[job["assignment"]] = job["seed"]
        self._jobs[job["key"]] = place
        self._students[job["plan"], job["student"]] = job["key"]
        self._size = place.offset + place.length

    # -------------------------------------------------------------- reading
    def _scan(self) -> None:
        """Find every line; a torn last one is cut off, so that the next one begins where lines do."""
        is_ours, first = False, b""
        with open(self._fd, "rb", closefd=False) as file:
            for line in file:
                first = first or line
                place = _Place(self._size, len(line))
                self._size += len(line)
                try:
                    self._note(_job(line), place)
                    is_ours = True
                except ValueError:
                    self.damaged += 1
                    is_ours |= line.startswith(_BEGIN)
                    if not line.endswith(b"\n"):
                        self._size = place.offset
        if not (is_ours or _BEGIN.startswith(first)):
            raise GraderError(f"{self.path} is no journal of this roikit: move it or choose another --output")
        if not self._is_to_read:
            os.ftruncate(self._fd, self._size)


def _line(job: Mapping[str, Any]) -> bytes:
    body = json.dumps(job, allow_nan=False, separators=(",", ":")).encode("ascii")
    return b"".join((_BEGIN, hashlib.sha256(body).hexdigest().encode("ascii"), _MIDDLE, body, _END))


def _job(line: bytes) -> dict[str, Any]:
    """The job of a line, its result still packed; ValueError for what `_line` did not make."""
    try:
        job = json.loads(line[_JOB])
    except RecursionError:
        raise ValueError("nested too deep") from None
    if not isinstance(job, dict) or set(job) != set(_FIELDS):
        raise ValueError("not the fields of a job")
    if not all(isinstance(job[name], kind) for name, kind in _FIELDS.items()):
        raise ValueError("a field of another type")
    if _line(job) != line:
        raise ValueError("not the checksum")
    return job


@contextmanager
def opened(path: Path) -> Iterator[Journal]:
    """Open the journal, new or not, for this process alone.

    Raises
    ------
    GraderError
        Another grader has it, or it is not a journal.
    """
    is_new = not path.exists()
    with _locked(path, os.O_RDWR | os.O_CREAT | os.O_APPEND, "or choose another --output") as fd:
        if is_new:
            for folder in (path.parent, path.parent.parent):  # which may be new as well
                sync_folder(folder)
        yield Journal(path, fd)


@contextmanager
def reading(path: Path) -> Iterator[Journal]:
    """Open a journal to read in it alone: nothing in the file is changed. Where there is none, it is empty.

    Raises
    ------
    GraderError
        A grader has it, or it is not a journal.
    """
    if not os.path.lexists(path):
        with open(os.devnull, "rb") as nothing:
            yield Journal(path, nothing.fileno(), is_to_read=True)
        return
    with _locked(path, os.O_RDONLY, "then try again") as fd:
        yield Journal(path, fd, is_to_read=True)


@contextmanager
def _locked(path: Path, flags: int, or_else: str) -> Iterator[int]:
    """The open file, locked: shared by those who read, else for this process alone."""
    import fcntl  # not on Windows, where nobody grades

    if path.is_symlink():
        raise GraderError(f"{path} is a link: move it, or choose another --output")
    kind = fcntl.LOCK_EX if flags & os.O_RDWR else fcntl.LOCK_SH
    fd = os.open(path, flags | os.O_NOFOLLOW | os.O_NONBLOCK, 0o666)
    try:
        if not stat.S_ISREG(os.fstat(fd).st_mode):
            raise GraderError(f"{path} is no file")
        try:
            fcntl.flock(fd, kind | fcntl.LOCK_NB)
        except BlockingIOError:
            raise GraderError(
                f"another roikit is grading into {path.parent}: wait for it, {or_else}"
            ) from None
        yield fd
    finally:
        os.close(fd)


# ------------------------------------------------------------------ the recorder
class Recorder:
    """The journal as one run needs it: what is finished, and a line for each further job."""

    def __init__(self, journal: Journal, plan: Plan) -> None:
        self._journal, self._plan = journal, plan
        self._of_plan = fingerprint.of_plan(plan)
        self.path = journal.path
        self.problem: Exception | None = None  # why the grading had to stop

    @property
    def damaged(self) -> int:
        """Lines that could not be used; known once `finished` has looked for them."""
        return self._journal.damaged

    def finished(self, hand_ins: Sequence[HandIn]) -> dict[int, SubmissionResult]:
        """What need not be graded again, by the hand-in's place. Each is read, one after the other."""
        if self._journal.seed(self._plan.assignment.name) is None:
            return {}
        keys = (self.key(hand_in.read()) for hand_in in hand_ins)
        found = enumerate(map(self._journal.find, keys))
        return {place: result for place, result in found if result is not None and result.score is not None}

    def of_student(self, student: str) -> SubmissionResult | None:
        """What this very plan gave a student last."""
        return self._journal.find_student(self._of_plan, student)

    def forget(self) -> None:
        """Begin a new journal."""
        self._journal.clear()

    def key(self, submission: Submission) -> str:
        return fingerprint.of_submission(self._of_plan, submission)

    def add(self, key: str, result: SubmissionResult) -> None:
        self._journal.add({
            "key": key, "plan": self._of_plan, "assignment": self._plan.assignment.name,
            "seed": self._plan.seed, "student": result.student, "outcome": result.outcome,
            "score": result.score, "result": packing.pack(result),
        })  # fmt: skip

    def stop(self, problem: Exception) -> None:
        """Remember why the grading had to stop."""
        self.problem = problem


class Unrecorded:
    """In a recorder's place where nothing is to be written down."""

    def key(self, submission: Submission) -> str:
        return ""

    def add(self, key: str, result: SubmissionResult) -> None:
        pass

    def stop(self, problem: Exception) -> None:
        raise problem
