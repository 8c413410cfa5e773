"""Results by content: what somebody graded under these very tests is looked up, whoever handed it in.

The journal remembers one run's students; this folder remembers sources. An entry's name is the hash of all
that its result depends on (`grader.fingerprint.of_plan`) and of a submission's code alone: not of its
student, path, or notes, which are put in when the entry is found. In a course the folder is the course's,
for all who grade there: ``.roikit/results/<assignment>/ab/cdef…``. Deleting it is always safe.

It is trusted as much as the course is: whoever can write into it can write scores, and whoever can read it
reads what hidden tests say. So it is made for those alone who may enter the course, and a folder that
strangers can write to is not used. An entry that is damaged, foreign or of another version is as good as
none.
"""

from __future__ import annotations

import dataclasses
import errno
import hashlib
import json
import os
import platform
import stat
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import suppress
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

from grader import course, fingerprint, packing
from grader.errors import GraderError
from grader.records import Source, Submission, SubmissionResult
from grader.report.files import written_aside

if TYPE_CHECKING:
    from grader.grading import Order
    from grader.intake.collect import HandIn
    from grader.pipeline import Plan

#: Bytes of an entry; an honest one has some 5 KiB, and with a dozen large pictures some 100 KiB.
MAX_ENTRY = 4 << 20
#: What a busy machine can make of a right solution: it gets another chance in every run.
BY_CHANCE = frozenset({"timeout", "memory", "crashed", "output_limit", "internal_error"})
ROOT = 0  # the user that may write everywhere anyhow
_MAGIC = b"roikit-result-1"


#: Told of a result that was found: the place among the hand-ins, what was handed in, the result.
Take = Callable[[int, Submission, SubmissionResult], None]


class Results(Protocol):
    """Where the results of a class may be found before they are worked out, and are left for others."""

    problem: str  # why nothing more is written, or nothing

    def look_up(self, places: Iterable[int], hand_ins: Sequence[HandIn], take: Take) -> None:
        """Find what is known of these hand-ins."""

    def rounds(self, places: Sequence[int], hand_ins: Sequence[HandIn], take: Take) -> Iterator[list[int]]:
        """Who is to be graded, one round after the other: of those with the same code one is enough."""

    def key(self, submission: Submission) -> str:
        """Equal for submissions that have one result; empty where nothing is kept."""

    def add(self, key: str, result: SubmissionResult) -> None:
        """Leave a result for others, if any run would come to the same."""


class NoCache:
    """In a cache's place where there is none."""

    problem = ""

    def look_up(self, places: Iterable[int], hand_ins: Sequence[HandIn], take: Take) -> None:
        pass

    def rounds(self, places: Sequence[int], hand_ins: Sequence[HandIn], take: Take) -> Iterator[list[int]]:
        yield list(places)

    def key(self, submission: Submission) -> str:
        return ""

    def add(self, key: str, result: SubmissionResult) -> None:
        pass


class Cache:
    """The results of one plan in an open folder; see `opened`."""

    def __init__(self, folder: Path, plan: Plan) -> None:
        self.folder = folder.resolve()
        self._mode = stat.S_IMODE(folder.stat().st_mode) & 0o2770
        self._assignment = plan.assignment.name
        self._of_plan = fingerprint.of_plan(plan)
        self._keys: dict[int, str] = {}  # of hand-ins that were looked up in vain
        self.problem = ""

    def look_up(self, places: Iterable[int], hand_ins: Sequence[HandIn], take: Take) -> None:
        for place in places:
            submission = hand_ins[place].read()
            found = self.find(submission)
            if found is None:
                self._keys[place] = self.key(submission)
            else:
                take(place, submission, found)

    def rounds(self, places: Sequence[int], hand_ins: Sequence[HandIn], take: Take) -> Iterator[list[int]]:
        first: dict[str, int] = {}
        for place in places:
            first.setdefault(self._keys.get(place) or f"of {place} alone", place)
        alone = set(first.values())
        yield sorted(alone)
        left = []
        for place in (one for one in places if one not in alone):
            submission = hand_ins[place].read()
            found = self.find(submission)
            if found is None:
                left.append(place)
            else:
                take(place, submission, found)
        if left:
            yield left

    def find(self, submission: Submission) -> SubmissionResult | None:
        """The result of this very code, with this student's name on it; None where it is not known."""
        key = self.key(submission)
        if not key:
            return None
        try:
            result = _result(_read(self._path(key)), key)
        except (OSError, ValueError):  # none, no file, cut off, of another version, no result
            return None
        return _of(submission, result) if is_lasting(result) else None

    def add(self, key: str, result: SubmissionResult) -> None:
        if not key or self.problem or not is_lasting(result):
            return
        entry = _entry(key, result)
        if len(entry) > MAX_ENTRY:
            return
        path = self._path(key)
        try:
            self._make(path.parent)
            # Not synced: what a power cut leaves of it is a miss.
            with written_aside(path, sync=False) as aside:
                aside.write_bytes(entry)
                aside.chmod(self._mode & 0o660)
        except OSError as problem:
            self.problem = f"{self.folder} cannot be written: {problem.strerror}"

    def key(self, submission: Submission) -> str:
        return _key(self._of_plan, submission.source) if submission.source is not None else ""

    def _path(self, key: str) -> Path:
        return self.folder / self._assignment / key[:2] / key[2:]

    def _make(self, folder: Path) -> None:
        for one in (folder.parent, folder):
            if not one.is_dir():
                _make_private(one, self._mode)
        if os.path.realpath(folder) != str(folder):
            raise OSError(errno.ELOOP, "there is a link in it")


# ------------------------------------------------------------------ the folder
def of_course(output: Path) -> Path | None:
    """The folder of the course that a run into `output` belongs to, or None; it need not be there yet."""
    home = course.around(output)
    return home / course.RESULTS if course.is_course(home) else None


def of_run(order: Order, plan: Plan, say: Callable[[str], None]) -> Results:
    """What a run may look into: the folder that was asked for, else its course's.

    A course's folder that cannot be used costs nobody the grading: `say` is told why.
    """
    folder = order.cache or of_course(order.output)
    if folder is None or order.is_fresh or not order.is_cached:
        return NoCache()
    try:
        if order.submissions.resolve() in folder.resolve().parents:
            raise GraderError(
                f"{folder} lies inside of the submissions, where a student may have put results"
            )
        return opened(folder, plan)
    except GraderError as problem:
        if order.cache is not None:
            raise
        say(str(problem))
        return NoCache()


def opened(folder: Path, plan: Plan) -> Cache:
    """Open a folder of results, made where it is missing: for its owner, in a course for who may enter that.

    Raises
    ------
    GraderError
        It cannot be made or entered, it is a link or no folder, or a stranger could have written there.
    """
    is_in_course = folder.parts[-2:] == course.RESULTS.parts
    home = folder.parent.parent if is_in_course else None
    try:
        mode = 0o700 if home is None else home.stat().st_mode & 0o2770 | 0o700
        for one in (folder.parent, folder):
            if not os.path.lexists(one):
                _make_private(one, mode)
        reason = next(_reasons_against(folder, home), "")
    except OSError as problem:
        reason = f"it cannot be used: {problem.strerror}"
    if reason:
        raise GraderError(f"results are not looked up in {folder}: {reason}")
    return Cache(folder, plan)


def _make_private(folder: Path, mode: int) -> None:
    """Make a folder that has this mode, whatever the umask says; another grader may have been quicker."""
    with suppress(FileExistsError):
        folder.mkdir(mode=0o700, parents=True)
        folder.chmod(mode)


def _reasons_against(folder: Path, home: Path | None) -> Iterator[str]:
    """Why entries in `folder` are not to be believed."""
    links = [one for one in (folder, *((folder.parent,) if home else ())) if one.is_symlink()]
    if links:
        yield f"{links[0]} is a link"
    if not folder.is_dir():
        yield "it is no folder"
    place = folder.resolve()
    for one in (place, *place.parents):
        mode = one.stat().st_mode
        if mode & stat.S_IWOTH and (one == place or not mode & stat.S_ISVTX):
            yield f"everybody can write into {one} (chmod o-w {one})"
    found = place.stat()
    owners = {ROOT, os.geteuid(), *((home.stat().st_uid,) if home else ())}
    is_shared = found.st_mode & stat.S_IWGRP and found.st_gid in {os.getegid(), *os.getgroups()}
    if found.st_uid not in owners and not is_shared:
        yield "it is somebody else's"


# ------------------------------------------------------------------ an entry
def is_lasting(result: SubmissionResult) -> bool:
    """Whether every run would find the same: nothing in it comes of a busy machine, or is our fault."""
    cases = [case for item in result.items for case in item.cases]
    outcomes = {result.outcome, *(item.outcome for item in result.items), *(case.outcome for case in cases)}
    return (
        result.score is not None
        and not outcomes & BY_CHANCE
        and not result.diagnosis.problem
        and not any("(no picture: " in case.sentence for case in cases)  # drawing it took too long
    )


def _key(of_plan: str, source: Source) -> str:
    """The hash of a job without its student; processors differ in a number's last digits."""
    code = dataclasses.asdict(replace(source, notes=()))
    text = json.dumps([of_plan, platform.machine(), code], sort_keys=True)
    return hashlib.sha256(text.encode("ascii")).hexdigest()


def _of(submission: Submission, result: SubmissionResult) -> SubmissionResult:
    """Somebody's result as this student's."""
    notes = submission.source.notes if submission.source else ()
    return replace(result, student=submission.student, path=submission.path, notes=notes)


def _entry(key: str, result: SubmissionResult) -> bytes:
    """Magic, key, checksum of the rest, packed result: on one line, parted by spaces."""
    packed = packing.pack(replace(result, student="", path="", notes=())).encode("ascii")
    return b" ".join((_MAGIC, key.encode("ascii"), _checksum(key, packed), packed))


def _result(entry: bytes, key: str) -> SubmissionResult:
    """What `_entry` made of it; ValueError for anything else, also for the entry of another key."""
    magic, name, checksum, packed = entry.split(b" ")
    if (magic, name, checksum) != (_MAGIC, key.encode("ascii"), _checksum(key, packed)):
        raise ValueError("not this entry")
    return packing.unpack(packed.decode("ascii"))


def _checksum(key: str, packed: bytes) -> bytes:
    return hashlib.sha256(key.encode("ascii") + packed).hexdigest().encode("ascii")


def _read(path: Path) -> bytes:
    """A small file; OSError or ValueError where it is none, or lies behind a link."""
    fd = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK)
    with open(fd, "rb") as file:
        found = os.fstat(fd)
        is_ours = stat.S_ISREG(found.st_mode) and not found.st_mode & stat.S_IWOTH
        if not is_ours or found.st_size > MAX_ENTRY or os.path.realpath(path) != str(path):
            raise ValueError("no entry")
        return file.read(MAX_ENTRY)
