"""A folder or an archive of hand-ins -> one `grader.records.Submission` for each student, sorted by name.

Two layouts are understood: nbgrader's ``<student>/<assignment>/<file>`` and the flat ``<student>.<suffix>``;
and what Canvas and Moodle make of an assignment, see ``lms_names``.
The file is a notebook, a module, or a small archive that holds one. Everything is read as hostile, and what
cannot be read costs nobody else anything: what is the student's doing (a link, a broken notebook, nothing in
the folder) is ``refused`` with a sentence and scores 0; what is not, or may not be (a file that vanishes or
may not be opened, names alike or twice, a damaged class archive) is not graded, and a person has to look. A
student without a hand-in for this assignment is simply not there.
"""

from __future__ import annotations

import os
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path

from grader.errors import SubmissionError, UnreadableError
from grader.intake import archive, extract, folder, lms_names, names
from grader.intake.beside import with_others
from grader.intake.choice import StudentFile, choose
from grader.intake.extract import shown
from grader.records import Assignment, Submission
from grader.sandbox.limits import DEFAULTS, Limits

#: How a refusal for names alike begins.
ALIKE = "these hand-ins have names that are too much alike"
_DEEPEST = 8  # folders below a student's that are looked into


@dataclass(frozen=True)
class _File:
    """A file as it lies in the class: its path below the root, and how to get its bytes."""

    parts: tuple[str, ...]  # the last one is empty for a folder that was handed in, whatever is in it
    read: Callable[[int], bytes] = bytes  # takes a limit, gives at most one byte more, or SubmissionError
    problem: SubmissionError | None = None  # why nothing at this place can be the submission
    origin: str = ""  # its path, where `parts` are not that
    notes: tuple[str, ...] = ()

    @property
    def path(self) -> str:
        return self.origin or "/".join(self.parts)


@dataclass(frozen=True)
class HandIn:
    """One student's hand-in, found but not yet read."""

    student: str
    path: str  # below the folder or archive, for reports
    refusal: str = ""
    is_ours: bool = False  # refused for what is not the student's doing: not graded, rather than 0
    _file: _File | None = None
    _others: tuple[_File, ...] = ()  # notebooks and modules in the same folder
    _assignment: str = ""
    _limits: Limits = DEFAULTS
    _lesson: Assignment | None = None

    def read(self) -> Submission:
        """The submission; one that cannot be read carries its refusal."""
        try:
            path, data, others = self._content()
            stem, suffix = names.split(path.rpartition("/")[2])
            source = extract.source(stem + suffix, data, self._limits)
            source = with_others(source, path, others, self._limits)
            source = replace(source, notes=(*self._file.notes, *source.notes)) if self._file else source
            return Submission(self.student, self.path, source)
        except SubmissionError as problem:
            is_ours = self.is_ours or isinstance(problem, UnreadableError)
            return Submission(self.student, self.path, None, str(problem), is_ours)

    def data(self) -> bytes:
        """The notebook or module as it came, at most one byte more than the limit; or SubmissionError."""
        return self._content()[1]

    def _content(self) -> tuple[str, bytes, list[StudentFile]]:
        """Its path and its bytes, out of the student's archive if it is in one, and what lies beside it."""
        if self.refusal or self._file is None:
            raise SubmissionError(self.refusal)
        name, others = self._file.parts[-1], [_student_file(file) for file in self._others]
        data = self._file.read(names.limit_of(name, self._limits))
        if names.split(name)[1] not in names.ARCHIVES:
            return name, data, others
        packed = archive.unpack(data, self._limits)
        file = packed[choose(packed, self._assignment, self._limits, self._lesson)]
        others = [other for other in packed if other is not file]
        return file.path, file.read(names.limit_of(file.name, self._limits)), others


@contextmanager
def hand_ins(
    where: Path,
    assignment: str,
    limits: Limits = DEFAULTS,
    lesson: Assignment | None = None,
    only: str = "",
) -> Iterator[tuple[HandIn, ...]]:
    """Find every hand-in below `where`; each is read only when it is asked to.

    Parameters
    ----------
    where : Path
        A folder, an archive (zip or tar, also compressed), or a single ``.ipynb`` or ``.py``.
    assignment : str
        The name of the assignment: the folder's name in nbgrader's layout, also of a single file.
    limits : Limits, optional
        What is read of a hand-in: ``notebook``, ``code``, ``archive``, ``unpacked``, ``entries``.
    lesson : Assignment, optional
        By its cells and functions a submission is known among several files of other names.
    only : str, optional
        Of a folder: this student's alone, and whoever has a name that is too much alike.

    Yields
    ------
    tuple of HandIn
        Sorted by student.

    Raises
    ------
    SubmissionError
        If there is nothing to grade, or the archive as a whole cannot be read.
    """
    found = partial(_found, where, assignment, limits, lesson, only or "<student>")
    if where.is_dir():
        yield found(_folder_files(where, assignment, only))
    elif where.is_file() and names.split(where.name)[1] in names.SOURCES:
        file, others = _one_file(where, assignment)
        yield tuple(replace(one, _others=tuple(_candidates(others))) for one in found([file]))
    elif where.is_file():
        with _opened(where) as packed:
            files = [_File(names.parts(e.name), partial(packed.read, e)) for e in packed.entries()]
            yield found(_below_one_folder(files, assignment))
    else:
        raise SubmissionError(f"there is no file or folder {where}")


def folders_without(where: Path, assignment: str) -> tuple[str, ...]:
    """Folders of a class in nbgrader's layout that hold nothing for this assignment: told, not graded."""
    if not where.is_dir():
        return ()
    folders = (entry.name for entry in folder.scan(where) if folder.leads_to_one(entry))
    return tuple(
        name for name in folders
        if not name.startswith(".") and not lms_names.moodle((name,))
        and not folder.is_handed_in(where / name / assignment)
    )  # fmt: skip


def has_hand_ins(where: Path, assignment: str) -> bool:
    """Whether anything below `where` was handed in for this assignment."""
    try:
        with hand_ins(where, assignment):
            return True
    except SubmissionError:
        return False


def _found(
    where: Path,
    assignment: str,
    limits: Limits,
    lesson: Assignment | None,
    whose: str,
    files: Iterable[_File],
) -> tuple[HandIn, ...]:
    blank = HandIn("", "", _assignment=assignment, _limits=limits, _lesson=lesson)
    files = _as_nbgrader_has_them(list(files), assignment)
    hand_ins = sorted(_distinct(_by_student(files, blank)), key=lambda hand_in: hand_in.student)
    if not hand_ins:
        raise SubmissionError(
            f"{where.name} holds nothing to grade: no {whose}/{assignment}/<file>, no {whose}.ipynb"
        )
    return tuple(hand_ins)


# ------------------------------------------------------------------ where files lie
def _one_file(where: Path, assignment: str) -> tuple[_File, list[_File]]:
    """A single file and what lies beside it: its student's folder, if it is in one of nbgrader's layout."""
    place = Path(os.path.abspath(where))
    is_nested = place.parent.name == assignment and place.parent.parent.name
    is_moodles = lms_names.moodle((place.parent.name,)) is not None
    parts = place.parts[-3:] if is_nested else place.parts[-2:] if is_moodles else (place.name,)
    root = Path(*place.parts[: -len(parts)])
    files = list(_student_files(root, parts[:2])) if is_nested else []
    others = [file for file in files if file.parts[-1] and file.parts != parts]
    return _File(parts, partial(folder.read, root, parts)), others


def _folder_files(root: Path, assignment: str, only: str = "") -> Iterator[_File]:
    """The files of the two layouts; links are listed, never followed."""
    for entry in folder.scan(root):
        if only and names.alike(entry.name) != names.alike(only):
            continue
        if not folder.leads_to_one(entry):
            yield _File((entry.name,), partial(folder.read, root, (entry.name,)))
        elif lms_names.moodle((entry.name,)):
            yield from _moodle_files(root, (entry.name,))
        elif folder.is_handed_in(root / entry.name / assignment):
            yield from _student_files(root, (entry.name, assignment))


def _moodle_files(root: Path, inside: tuple[str, ...]) -> Iterator[_File]:
    """All below a folder that Moodle made; students may hand in folders."""
    yield from _student_files(root, inside)
    try:
        entries = folder.scan(root.joinpath(*inside)) if len(inside) <= _DEEPEST else []
    except SubmissionError:
        return  # as `_student_files` has told
    for entry in entries:
        if entry.is_dir(follow_symlinks=False):
            yield from _moodle_files(root, (*inside, entry.name))


def _student_files(root: Path, inside: tuple[str, ...]) -> Iterator[_File]:
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
    if any(lms_names.moodle((top,)) for top in tops):
        return files
    if len(tops) != 1 or flat_or_nbgrader or not all(map(names.is_usable, tops)):
        return files
    return [replace(file, parts=file.parts[1:]) for file in inside]


def _as_nbgrader_has_them(files: Sequence[_File], assignment: str) -> Iterator[_File]:
    """Files that Canvas or Moodle named, in nbgrader's layout, without outdated ones; others as they are."""
    places = lms_names.places([file.parts for file in files], assignment)
    for file, place in zip(files, places, strict=True):
        if place is None:
            yield file
        elif not place.is_outdated:
            parts = (place.student, assignment, place.name)
            yield replace(file, parts=parts, origin="/".join(filter(None, file.parts)), notes=place.notes)


# ------------------------------------------------------------------ whose they are
def _by_student(files: Iterable[_File], blank: HandIn) -> Iterator[HandIn]:
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
        elif len(file.parts) >= 3 and file.parts[1] == blank._assignment:
            folders[file.parts[0]].append(file)
    for student, group in folders.items():
        yield _hand_in(student, group, blank._assignment, blank)
    for student, group in flat.items():
        yield _hand_in(student, group, "", blank)


def _hand_in(student: str, files: list[_File], preferred: str, blank: HandIn) -> HandIn:
    """The one of a student's files that is the submission, or why there is none."""
    path = files[0].origin or "/".join(files[0].parts[:2])
    if not names.is_usable(student):
        refusal = f"the path {shown(path)} cannot be used as a name"
        return HandIn(names.plain(student), shown(path), refusal)
    try:
        near = _candidates(files)
        at = choose([_student_file(file) for file in near], preferred, blank._limits, blank._lesson)
    except SubmissionError as problem:
        return HandIn(student, path, str(problem), isinstance(problem, UnreadableError))
    file, others = near[at], tuple(near[:at] + near[at + 1 :])
    return replace(blank, student=student, path=file.path, _file=file, _others=others)


def _candidates(files: list[_File]) -> list[_File]:
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
    return near


def _student_file(file: _File) -> StudentFile:
    return StudentFile(file.parts[-1], file.read)


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
            refusal = hand_in.refusal or f"{'these hand-ins are of one name' if is_twice else ALIKE}: {paths}"
            is_ours = hand_in.is_ours or not hand_in.refusal
            yield replace(hand_in, student=student, refusal=refusal, is_ours=is_ours)
