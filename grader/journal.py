"""``journal.jsonl``: one line a finished job, on the disk before anything is said about it.

A line holds the job's fingerprint, its whole result and a checksum, so that what a kill or a full disk left
half written is noticed; a picture has a line of its own before it, once, however many results show it (see
``journal_line``). The file is only ever added to; a grader that is started again takes from it what it would
find again. While it runs it holds a lock on the file, which ends with the process, however that ends.
"""

from __future__ import annotations

import os
import stat
import weakref
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path
from types import MappingProxyType
from typing import Any, NamedTuple

from grader import journal_line, packing
from grader.errors import GraderError
from grader.records import SubmissionResult
from grader.report.files import sync_folder
from grader.report.overview import slim

NAME = "journal.jsonl"
#: Pictures that are kept unpacked, as the next results are likely to show them too.
RECENT = 64


class JournalError(GraderError):
    """A finished job cannot be written down, or read back: the grading stops, so that nothing is lost."""


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
        self._students: dict[str, dict[str, str]] = {}  # plan -> student -> key of the last job
        self._artifacts: dict[bytes, _Place] = {}
        self._recent: dict[str, str] = {}  # artifacts
        self._size = 0
        self._scan()

    def seed(self, assignment: str) -> int | None:
        """The seed with which the assignment was graded last."""
        return self._seeds.get(assignment)

    def find(self, key: str) -> SubmissionResult | None:
        """The result of a job, or None where it is not here or not whole."""
        return self._found(key, self._whole)

    def find_slim(self, key: str) -> SubmissionResult | None:
        """The same for a class's overview, for which no picture is read; see `grader.report.overview`."""
        return self._found(key, self._slim)

    def key_of(self, plan: str, student: str) -> str:
        """The key of a student's last job under a plan, or nothing."""
        return self._students.get(plan, {}).get(student, "")

    def jobs(self) -> Iterator[dict[str, Any]]:
        """Every job whose pictures are here, its result still packed; of equal keys the last one."""
        for key in tuple(self._jobs):
            with suppress(ValueError):  # damaged since it was found
                job = self._job(key, self._fd)
                if self._has_artifacts(job):
                    yield job

    def reader(self) -> Callable[[str], SubmissionResult]:
        """What finds the result of a job also when this journal is closed; JournalError where it cannot."""
        fd = self._opened_again()

        def read(key: str) -> SubmissionResult:
            try:
                return self._whole(key, fd)
            except (ValueError, OSError):
                raise JournalError(f"{self.path} was changed while it was read") from None

        weakref.finalize(read, os.close, fd)
        return read

    def add(self, job: Mapping[str, Any], artifacts: Mapping[str, str] = MappingProxyType({})) -> None:
        """Write one job down, and those of its artifacts (by name) that are not here yet; all of it is on the
        disk when this returns.

        Raises
        ------
        JournalError
            It cannot be written; what was there before is whole.
        """
        new = [text for name, text in artifacts.items() if bytes.fromhex(name) not in self._artifacts]
        found: list[tuple[journal_line.Kind, Mapping[str, Any]]]
        found = [*(("artifact", journal_line.packed(text)) for text in new), ("job", job)]
        lines = [journal_line.encode(kind, fields) for kind, fields in found]
        try:
            unwritten = memoryview(b"".join(lines))
            while unwritten:
                unwritten = unwritten[os.write(self._fd, unwritten) :]
            os.fsync(self._fd)
        except OSError as problem:
            with suppress(OSError):
                os.ftruncate(self._fd, self._size)
            raise JournalError(f"{self.path} cannot be written: {problem.strerror}") from None
        for line, (kind, fields) in zip(lines, found, strict=True):
            self._note(kind, fields, _Place(self._size, len(line)))

    def clear(self) -> None:
        """Begin anew."""
        os.ftruncate(self._fd, 0)
        os.fsync(self._fd)
        self.damaged = self._size = 0
        for index in (self._seeds, self._jobs, self._students, self._artifacts, self._recent):
            index.clear()

    def _note(self, kind: journal_line.Kind, fields: Mapping[str, Any], place: _Place) -> None:
        if kind == "artifact":
            self._artifacts[bytes.fromhex(fields["sha256"])] = place
        else:
            self._seeds[fields["assignment"]] = fields["seed"]
            self._jobs[fields["key"]] = place
            self._students.setdefault(fields["plan"], {})[fields["student"]] = fields["key"]
        self._size = place.offset + place.length

    # -------------------------------------------------------------- reading
    def _scan(self) -> None:
        """Find every line; a torn last one is cut off, so that the next one begins where lines do."""
        is_ours, first = False, b""
        with open(self._fd, "rb", closefd=False) as file:
            for line in file:
                first = first or line[: len(journal_line.BEGIN)]
                place = _Place(self._size, len(line))
                self._size += len(line)
                try:
                    self._note(*journal_line.decode(line), place)
                    is_ours = True
                except ValueError:
                    self.damaged += 1
                    is_ours |= line.startswith(journal_line.BEGIN)
                    if not line.endswith(b"\n"):
                        self._size = place.offset
        if not (is_ours or journal_line.BEGIN.startswith(first)):
            raise GraderError(f"{self.path} is no journal of this roikit: move it or choose another --output")
        if not self._is_to_read:
            os.ftruncate(self._fd, self._size)

    def _found(self, key: str, read: Callable[[str, int], SubmissionResult]) -> SubmissionResult | None:
        if key not in self._jobs:
            return None
        try:
            return read(key, self._fd)
        except (ValueError, OSError):  # damaged since it was found, no result in it, or without its pictures
            self.damaged += 1
            del self._jobs[key]
            return None

    def _whole(self, key: str, fd: int) -> SubmissionResult:
        job = self._job(key, fd)
        result = packing.unpack(job["result"])
        if "artifacts" not in job:  # of an older roikit
            return result
        return packing.with_pictures(result, lambda name: self._artifact(name, fd))

    def _slim(self, key: str, fd: int) -> SubmissionResult:
        job = self._job(key, fd)
        if not self._has_artifacts(job):
            raise ValueError("not its pictures")
        return slim(packing.unpack(job["result"]))

    def _job(self, key: str, fd: int) -> dict[str, Any]:
        kind, job = _read(self._jobs.get(key), fd)
        if kind != "job" or job["key"] != key:
            raise ValueError("another line")
        return job

    def _has_artifacts(self, job: Mapping[str, Any]) -> bool:
        return all(bytes.fromhex(name) in self._artifacts for name in job.get("artifacts", ()))

    def _artifact(self, name: str, fd: int) -> str:
        if name not in self._recent:
            try:
                _, fields = _read(self._artifacts.get(bytes.fromhex(name)), fd)
                found = journal_line.unpacked(fields, name)
            except ValueError:
                self._artifacts.pop(bytes.fromhex(name), None)  # so that it is written again
                raise
            if len(self._recent) >= RECENT:
                self._recent.clear()
            self._recent[name] = found
        return self._recent[name]

    def _opened_again(self) -> int:
        """A descriptor of its own, which shares no lock with this one; also of a file that was removed."""
        flags = os.O_RDONLY | os.O_CLOEXEC
        try:
            return os.open(f"/proc/self/fd/{self._fd}", flags)
        except OSError:
            return os.open(self.path, flags | os.O_NOFOLLOW)


def _read(place: _Place | None, fd: int) -> tuple[journal_line.Kind, dict[str, Any]]:
    """Kind and fields of a line; ValueError where it is not there."""
    if place is None:
        raise ValueError("no such line")
    return journal_line.decode(os.pread(fd, place.length, place.offset))


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
