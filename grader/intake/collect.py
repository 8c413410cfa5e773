"""A folder or an archive of hand-ins -> one `grader.records.Submission` for each student, sorted by name.

Two layouts are understood: nbgrader's ``<student>/<assignment>/<file>`` and the flat ``<student>.<suffix>``.
The file is a notebook, a module, or a small archive that holds one. Everything is read as hostile, and what
cannot be read costs nobody else anything: what is the student's doing (a link, a broken notebook, nothing in
the folder) is ``refused`` with a sentence and scores 0; what is not, or may not be (a file that vanishes or
may not be opened, names alike or twice, a damaged class archive) is not graded, and a person has to look. A
student without a hand-in for this assignment is simply not there.
"""

from __future__ import annotations

import os
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path

from grader.errors import SubmissionError, UnreadableError
from grader.intake import archive, extract, folder, names
from grader.intake.extract import shown
from grader.records import Submission
from grader.sandbox.limits import DEFAULTS, Limits


@dataclass(frozen=True)
class _File:
    """A file as it lies in the class: its path below the root, and how to get its bytes."""

    parts: tuple[str, ...]  # the last one is empty for a folder that was handed in, whatever is in it
    read: Callable[[int], bytes] = bytes  # takes a limit, gives at most one byte more, or SubmissionError
    problem: SubmissionError | None = None  # why nothing at this place can be the submission


@dataclass(frozen=True)
class HandIn:
    """One student's hand-in, found but not yet read."""

    student: str
    path: str  # below the folder or archive, for reports
    refusal: str = ""
    is_ours: bool = False  # refused for what is not the student's doing: not graded, rather than 0
    _file: _File | None = None
    _assignment: str = ""
    _limits: Limits = DEFAULTS

    def read(self) -> Submission:
        """The submission; one that cannot be read carries its refusal."""
        try:
            name, data = self._content()
            stem, suffix = names.split(name)
            source = extract.source(stem + suffix, data, self._limits)
            return Submission(self.student, self.path, source)
        except SubmissionError as problem:
            is_ours = self.is_ours or isinstance(problem, UnreadableError)
            return Submission(self.student, self.path, None, str(problem), is_ours)

    def data(self) -> bytes:
        """The notebook or module as it came, at most one byte more than the limit; or SubmissionError."""
        return self._content()[1]

    def _content(self) -> tuple[str, bytes]:
        """Its name and its bytes, out of the student's archive if it is in one."""
        if self.refusal or self._file is None:
            raise SubmissionError(self.refusal)
        name = self._file.parts[-1]
        data = self._file.read(names.limit_of(name, self._limits))
        if names.split(name)[1] in names.ARCHIVES:
            return archive.unpack(data, self._assignment, self._limits)
        return name, data


@contextmanager
def hand_ins(where: Path, assignment: str, limits: Limits = DEFAULTS) -> Iterator[tuple[HandIn, ...]]:
    """Find every hand-in below `where`; each is read only when it is asked to.

    Parameters
    ----------
    where : Path
        A folder, an archive (zip or tar, also compressed), or a single ``.ipynb`` or ``.py``.
    assignment : str
        The name of the assignment: the folder's name in nbgrader's layout, also of a single file.
    limits : Limits, optional
        What is read of a hand-in: ``notebook``, ``code``, ``archive``, ``unpacked``, ``entries``.

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
        yield _found(where, _folder_files(where, assignment), assignment, limits)
    elif where.is_file() and names.split(where.name)[1] in names.SOURCES:
        yield _found(where, [_one_file(where, assignment)], assignment, limits)
    elif where.is_file():
        with _opened(where) as packed:
            files = [_File(names.parts(e.name), partial(packed.read, e)) for e in packed.entries()]
            yield _found(where, _below_one_folder(files, assignment), assignment, limits)
    else:
        raise SubmissionError(f"there is no file or folder {where}")


def folders_without(where: Path, assignment: str) -> tuple[str, ...]:
    """Folders of a class in nbgrader's layout that hold nothing for this assignment: told, not graded."""
    if not where.is_dir():
        return ()
    folders = (entry.name for entry in folder.scan(where) if folder.leads_to_one(entry))
    return tuple(
        name for name in folders
        if not name.startswith(".") and not folder.is_handed_in(where / name / assignment)
    )  # fmt: skip


def has_hand_ins(where: Path, assignment: str) -> bool:
    """Whether anything below `where` was handed in for this assignment."""
    try:
        with hand_ins(where, assignment):
            return True
    except SubmissionError:
        return False


def _found(where: Path, files: Iterable[_File], assignment: str, limits: Limits) -> tuple[HandIn, ...]:
    hand_ins = sorted(_distinct(_by_student(files, assignment)), key=lambda hand_in: hand_in.student)
    if not hand_ins:
        raise SubmissionError(
            f"{where.name} holds nothing to grade: no <student>/{assignment}/<file>, no <student>.ipynb"
        )
    return tuple(replace(hand_in, _assignment=assignment, _limits=limits) for hand_in in hand_ins)


# ------------------------------------------------------------------ where files lie
def _one_file(where: Path, assignment: str) -> _File:
    """A single file, with its student's folder around it where it lies in nbgrader's layout."""
    place = Path(os.path.abspath(where))
    is_nested = place.parent.name == assignment and place.parent.parent.name
    parts = place.parts[-3:] if is_nested else (place.name,)
    return _File(parts, partial(folder.read, Path(*place.parts[: -len(parts)]), parts))


def _folder_files(root: Path, assignment: str) -> Iterator[_File]:
    """The files of the two layouts; links are listed, never followed."""
    for entry in folder.scan(root):
        if not folder.leads_to_one(entry):
            yield _File((entry.name,), partial(folder.read, root, (entry.name,)))
        elif folder.is_handed_in(root / entry.name / assignment):
            yield from _student_files(root, (entry.name, assignment))


def _student_files(root: Path, inside: tuple[str, str]) -> Iterator[_File]:
    try:
        files, problem = folder.files(root, inside), None
    except SubmissionError as what:
        files, problem = [], what
    yield _File((*inside, ""), problem=problem)
    for name in files:
        yield _File((*inside, name), partial(folder.read, root, (*inside, name)))


def _opened(where: Path) -> archive.Archive:
    try:
        return archive.opened(open(where, "rb"), where.name)
    except OSError as problem:
        raise SubmissionError(f"{where.name} cannot be read: {problem.strerror}") from None


def _below_one_folder(files: list[_File], assignment: str) -> list[_File]:
    """Without the folder that archivers put around everything."""
    inside = [file for file in files if not names.is_junk(file.parts)]
    tops = {file.parts[0] for file in inside if len(file.parts) > 1}
    flat_or_nbgrader = any(
        len(file.parts) == 1 or (len(file.parts) > 2 and file.parts[1] == assignment) for file in inside
    )
    if len(tops) != 1 or flat_or_nbgrader or not all(map(names.is_usable, tops)):
        return files
    return [replace(file, parts=file.parts[1:]) for file in inside]


# ------------------------------------------------------------------ whose they are
def _by_student(files: Iterable[_File], assignment: str) -> Iterator[HandIn]:
    folders: dict[str, list[_File]] = defaultdict(list)
    flat: dict[str, list[_File]] = defaultdict(list)
    for file in files:
        if not file.parts or names.is_junk(file.parts):
            continue
        if names.leaves(file.parts):
            path = "/".join(file.parts).replace("//", "/", 1)
            yield HandIn(names.plain(path), shown(path), f"the path {shown(path)} leaves the folder")
        elif len(file.parts) == 1 and names.split(file.parts[0])[1]:
            flat[names.split(file.parts[0])[0]].append(file)
        elif len(file.parts) >= 3 and file.parts[1] == assignment:
            folders[file.parts[0]].append(file)
    for student, group in folders.items():
        yield _hand_in(student, group, assignment)
    for student, group in flat.items():
        yield _hand_in(student, group, "")


def _hand_in(student: str, files: list[_File], preferred: str) -> HandIn:
    """The one of a student's files that is the submission, or why there is none."""
    path = "/".join(files[0].parts[:2])
    if not names.is_usable(student):
        refusal = f"the path {shown(path)} cannot be used as a name"
        return HandIn(names.plain(student), shown(path), refusal)
    try:
        file = _choose(files, preferred)
    except SubmissionError as problem:
        return HandIn(student, path, str(problem), isinstance(problem, UnreadableError))
    return HandIn(student, "/".join(file.parts), _file=file)


def _choose(files: list[_File], preferred: str) -> _File:
    for file in files:
        if file.problem:
            raise file.problem
    near = [file for file in files if names.split(file.parts[-1])[1] and len(file.parts) in (1, 3)]
    near = [file for file in near if len(file.parts) == 1 or file.parts[-1].lower() != names.HANDED_OUT]
    for file in near:
        if not names.is_usable(file.parts[-1]):
            raise SubmissionError(f"the path {shown('/'.join(file.parts))} cannot be used as a name")
    found = [file.parts[-1] for file in near]
    if len(set(found)) < len(found):  # who made the class's archive did that
        raise UnreadableError(f"the archive holds {shown(max(found, key=found.count))} twice")
    return near[names.choose(found, preferred)]


def _distinct(found: Iterable[HandIn]) -> Iterator[HandIn]:
    """Names that a file system or a reader may take for one another are refused, and made distinct.

    Where they are not the same (Ada and ada), the class has a problem, and none of its students a zero.
    """
    groups: dict[str, list[HandIn]] = defaultdict(list)
    taken = set()
    for hand_in in found:
        groups[names.alike(hand_in.student)].append(hand_in)
        taken.add(names.alike(hand_in.student))
    for group in groups.values():
        if len(group) == 1:
            yield group[0]
            continue
        paths = ", ".join(shown(hand_in.path) for hand_in in group[:5])
        count = Counter(hand_in.student for hand_in in group)
        for number, hand_in in enumerate(group, 1):
            student = hand_in.student
            while number > 1 and names.alike(student) in taken:
                student, number = f"{hand_in.student}~{number}", number + 1
                student = student if names.is_usable(student) else names.plain(student)
            taken.add(names.alike(student))
            is_twice = count[hand_in.student] > 1  # somebody else may have put the other one there
            relation = "are of one name" if is_twice else "have names that are too much alike"
            refusal = hand_in.refusal or f"these hand-ins {relation}: {paths}"
            is_ours = hand_in.is_ours or not hand_in.refusal
            yield replace(hand_in, student=student, refusal=refusal, is_ours=is_ours)
