"""A folder or a zip of hand-ins -> one `grader.records.Submission` for each student, sorted by name.

Two layouts are understood: nbgrader's ``<student>/<assignment>/<file>`` and the flat ``<student>.ipynb`` or
``<student>.py``. Everything is read as hostile. What cannot be read is ``refused`` with a sentence, and the
others go on; a student without a hand-in for this assignment is simply not there.
"""

from __future__ import annotations

import os
import re
import stat
import unicodedata
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path

from grader import extract
from grader.archive import Archive
from grader.errors import SubmissionError
from grader.records import Submission

MAX_NAME = 100  # characters of a student's or a file's name
MAX_BYTES = 200  # of the same in UTF-8: file systems count bytes, most of them up to 255
MAX_ENTRIES = 20_000  # in one folder
_KINDS = (".ipynb", ".py")
_UNUSABLE = re.compile(r'[<>:"|?*\\/]')


@dataclass(frozen=True)
class _File:
    """A file as it lies in the class: its path below the root, and how to get its bytes."""

    parts: tuple[str, ...]
    read: Callable[[int], bytes]  # takes a limit, gives at most one byte more; may raise SubmissionError
    problem: str = ""  # why nothing at this place can be the submission


@dataclass(frozen=True)
class HandIn:
    """One student's hand-in, found but not yet read."""

    student: str
    path: str  # below the folder or archive, for reports
    refusal: str = ""
    is_ambiguous: bool = False  # refused for what the class's names are: not the student's zero
    _file: _File | None = None

    def read(self) -> Submission:
        """The submission; one that cannot be read carries its refusal."""
        try:
            data = self.data()
            name, kind = os.path.splitext(self.path.rpartition("/")[2])
            return Submission(self.student, self.path, extract.source(name + kind.lower(), data))
        except SubmissionError as problem:
            return Submission(self.student, self.path, None, str(problem), self.is_ambiguous)

    def data(self) -> bytes:
        """The file as it came, at most one byte more than ``extract.MAX_FILE``; or SubmissionError."""
        if self.refusal or self._file is None:
            raise SubmissionError(self.refusal)
        return self._file.read(extract.MAX_FILE)


@contextmanager
def hand_ins(where: Path, assignment: str) -> Iterator[tuple[HandIn, ...]]:
    """Find every hand-in below `where`; each is read only when it is asked to.

    Parameters
    ----------
    where : Path
        A folder, a zip, or a single ``.ipynb`` or ``.py``.
    assignment : str
        The name of the assignment: the folder's name in nbgrader's layout.

    Yields
    ------
    tuple of HandIn
        Sorted by student.

    Raises
    ------
    SubmissionError
        If there is nothing to grade, or the archive as a whole cannot be read.
    """
    if where.is_dir():
        yield _sorted(where, _folder_files(where, assignment), assignment)
    elif where.is_file() and where.suffix.lower() in _KINDS:
        yield _sorted(where, [_File((where.name,), partial(_read_file, where))], assignment)
    elif where.is_file():
        with Archive(where) as archive:
            files = [_File(_parts(name), partial(archive.read, entry)) for name, entry in archive.entries()]
            yield _sorted(where, _below_one_folder(files, assignment), assignment)
    else:
        raise SubmissionError(f"there is no file or folder {where}")


def folders_without(where: Path, assignment: str) -> tuple[str, ...]:
    """Folders of a class in nbgrader's layout that hold nothing for this assignment: told, not graded."""
    if not where.is_dir():
        return ()
    folders = (entry.name for entry in _scan(where) if entry.is_dir() and not entry.name.startswith("."))
    return tuple(sorted(name for name in folders if not (where / name / assignment).is_dir()))


def has_hand_ins(where: Path, assignment: str) -> bool:
    """Whether anything below `where` was handed in for this assignment."""
    try:
        with hand_ins(where, assignment):
            return True
    except SubmissionError:
        return False


def _sorted(where: Path, files: Iterable[_File], assignment: str) -> tuple[HandIn, ...]:
    found = sorted(_distinct(_by_student(files, assignment)), key=lambda hand_in: hand_in.student)
    if not found:
        raise SubmissionError(
            f"{where.name} holds nothing to grade: no <student>/{assignment}/<file>, no <student>.ipynb"
        )
    return tuple(found)


# ------------------------------------------------------------------ where files lie
def _folder_files(root: Path, assignment: str) -> Iterator[_File]:
    """The files of the two layouts; links are listed, never followed."""
    for entry in _scan(root):
        path = Path(entry.path)
        folder = path / assignment
        if not path.is_dir():
            yield _File((entry.name,), partial(_read_file, path))
        elif folder.is_dir():
            inside = (entry.name, assignment)
            problem = "the folder is a symbolic link" if path.is_symlink() or folder.is_symlink() else ""
            yield _File((*inside, ""), partial(_read_file, folder), problem)  # handed in, if only a folder
            for file in () if problem else _scan(folder):
                if not file.is_dir(follow_symlinks=False):
                    yield _File((*inside, file.name), partial(_read_file, Path(file.path)))


def _scan(folder: Path) -> Iterator[os.DirEntry]:
    with os.scandir(folder) as entries:
        for number, entry in enumerate(entries):
            if number >= MAX_ENTRIES:
                raise SubmissionError(f"{folder.name} holds more than {MAX_ENTRIES} entries")
            yield entry


def _read_file(path: Path, limit: int) -> bytes:
    """A regular file's bytes; a link or a pipe that takes its place in the meantime is not opened."""
    try:
        if path.is_symlink():
            raise SubmissionError("the file is a symbolic link")
        fd = os.open(path, os.O_RDONLY | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_NONBLOCK", 0))
        with open(fd, "rb") as file:
            if not stat.S_ISREG(os.fstat(fd).st_mode):
                raise SubmissionError("the file is not a regular file")
            return file.read(limit + 1)
    except OSError as problem:
        raise SubmissionError(f"the file cannot be read: {problem.strerror}") from None


def _parts(name: str) -> tuple[str, ...]:
    """An archive's name as path parts; ``..`` and an absolute beginning stay visible, to be refused."""
    name = name.replace("\\", "/")
    parts = tuple(part for part in name.split("/") if part not in ("", "."))
    return ("/", *parts) if name.startswith("/") else parts


def _below_one_folder(files: list[_File], assignment: str) -> list[_File]:
    """Without the folder that archivers put around everything."""
    inside = [file for file in files if not _is_junk(file.parts)]
    tops = {file.parts[0] for file in inside if len(file.parts) > 1}
    flat_or_nbgrader = any(
        len(file.parts) == 1 or (len(file.parts) > 2 and file.parts[1] == assignment) for file in inside
    )
    if len(tops) != 1 or flat_or_nbgrader or not all(map(_is_usable, tops)):
        return files
    return [replace(file, parts=file.parts[1:]) for file in inside]


def _is_junk(parts: tuple[str, ...]) -> bool:
    """What file managers, Jupyter and Python leave behind."""
    return any(
        part in ("__MACOSX", "__pycache__") or (part.startswith(".") and part != "..") for part in parts
    )


def _is_usable(name: str) -> bool:
    is_plain = name.isprintable() and name != ".." and not _UNUSABLE.search(name)
    return is_plain and 0 < len(name) <= MAX_NAME and len(name.encode()) <= MAX_BYTES


# ------------------------------------------------------------------ whose they are
def _by_student(files: Iterable[_File], assignment: str) -> Iterator[HandIn]:
    folders: dict[str, list[_File]] = defaultdict(list)
    flat: dict[str, list[_File]] = defaultdict(list)
    for file in files:
        if not file.parts or _is_junk(file.parts):
            continue
        if not all(part == "" or _is_usable(part) for part in file.parts):
            yield _unusable(file.parts)
        elif len(file.parts) == 1 and _is_candidate(file):
            flat[file.parts[0].rpartition(".")[0]].append(file)
        elif len(file.parts) >= 3 and file.parts[1] == assignment:
            folders[file.parts[0]].append(file)
    for student, group in folders.items():
        yield _choose(student, group, assignment)
    for student, group in flat.items():
        yield _choose(student, group, "")


def _unusable(parts: tuple[str, ...]) -> HandIn:
    path = "/".join(parts)
    plain = re.sub(r"[^\w.@+-]+", "_", path.encode("ascii", "replace").decode())
    student = plain[:60].strip("._") or "unnamed"
    what = "leaves the folder" if ".." in parts or parts[0] == "/" else "cannot be used as a name"
    return HandIn(student, extract.shown(path), f"the path {extract.shown(path)} {what}")


def _choose(student: str, files: list[_File], preferred: str) -> HandIn:
    """The file named after the assignment, a notebook before a module; else the only one."""
    candidates = list(filter(_is_candidate, files))
    names = [file.parts[-1] for file in candidates]
    path = "/".join(files[0].parts[:2])
    problem = next((file.problem for file in files if file.problem), "")
    if problem or not candidates:
        return HandIn(student, path, problem or "no notebook (.ipynb) and no module (.py) was handed in")
    if len(set(names)) != len(names):
        return HandIn(student, path, f"the archive holds {extract.shown(max(names, key=names.count))} twice")
    for kind in _KINDS:
        named = [file for file in candidates if file.parts[-1].lower() == f"{preferred}{kind}".lower()]
        if named:
            candidates = named
            break
    if len(candidates) == 1:
        return HandIn(student, "/".join(candidates[0].parts), _file=candidates[0])
    listed = ", ".join(sorted(extract.shown(file.parts[-1]) for file in candidates)[:5])
    return HandIn(student, path, f"several files could be the submission: {listed}")


def _is_candidate(file: _File) -> bool:
    """Any notebook or module, flat or in a student's folder; but not the tests that were handed out."""
    name = file.parts[-1].lower()
    is_handed_out = len(file.parts) == 3 and name == "test_public.py"
    return len(file.parts) in (1, 3) and name.endswith(_KINDS) and not is_handed_out


def _distinct(found: Iterable[HandIn]) -> Iterator[HandIn]:
    """Names that a file system or a reader may take for one another are refused, and made distinct.

    Where they are not the same (Ada and ada), the class has a problem, and none of its students a zero.
    """
    groups: dict[str, list[HandIn]] = defaultdict(list)
    for hand_in in found:
        groups[unicodedata.normalize("NFKC", hand_in.student).casefold()].append(hand_in)
    for group in groups.values():
        if len(group) == 1:
            yield group[0]
            continue
        names = ", ".join(extract.shown(hand_in.path) for hand_in in group[:5])
        for number, hand_in in enumerate(group, 1):
            student = hand_in.student if number == 1 else f"{hand_in.student}~{number}"
            is_twice = sum(other.student == hand_in.student for other in group) > 1
            relation = "are of one name" if is_twice else "have names that are too much alike"
            refusal = hand_in.refusal or f"these hand-ins {relation}: {names}"
            is_ambiguous = not (hand_in.refusal or is_twice)
            yield replace(hand_in, student=student, refusal=refusal, is_ambiguous=is_ambiguous)
