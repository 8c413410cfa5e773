"""Names of files as Canvas and Moodle put them into the zip of an assignment's submissions. Pure.

Canvas writes ``<person>_[LATE_]<id>_<upload>_<file>``, or ``[LATE_]anon_<id>_<upload>_<file>`` where the
person is kept secret. The upload's number grows; a file whose name was used before becomes ``toy-1.ipynb``.
Moodle writes ``<person>_<id>_assignsubmission_file`` and then, by its age and the teacher's choice,
``/<path>``, ``_/<path>`` or ``_<file>``.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Container, Iterator, Sequence
from dataclasses import dataclass
from typing import Literal

from grader.intake import names

System = Literal["canvas", "moodle"]
_NUMBER = "[0-9]{1,19}"
_OF_PERSON = rf"(?P<person>\w+?)(?P<late>_LATE)?_(?P<id>{_NUMBER})"
_CANVAS = tuple(re.compile(pattern, re.DOTALL) for pattern in (
    rf"(?P<late>LATE_)?(?P<person>anon)_(?P<id>[A-Za-z0-9]{{5}})_(?P<upload>{_NUMBER})_(?P<name>.+)",
    rf"{_OF_PERSON}_(?P<upload>{_NUMBER})_(?P<name>.+)",
    rf"{_OF_PERSON}(?P<upload>)_(?P<name>(?:text|link)\.html)",
))  # fmt: skip
_MOODLE = re.compile(
    rf"(?P<person>[^_/]+)(?:_(?P<id>{_NUMBER}))?_assignsubmission_[a-z]+(?:_(?P<name>.*))?", re.DOTALL
)
_AGAIN = re.compile(r"(.+)-[0-9]{1,4}", re.DOTALL)


@dataclass(frozen=True)
class Upload:
    """What a name says of a file."""

    system: System
    person: str  # as the system writes their name into file names
    id: str  # the system's number of the person, or of the anonymous person; empty for Moodle's default group
    upload: str  # Canvas's number of this file; empty for a text that was typed in
    name: str  # the student's own name of the file; empty for a folder as a whole
    is_late: bool = False

    @property
    def student(self) -> str:
        """Under which the grader knows them: readable, and distinct."""
        return f"{self.person}_{self.id}" if self.id else self.person

    @property
    def is_anonymous(self) -> bool:
        return self.system == "canvas" and self.person == "anon"


def canvas(name: str) -> Upload | None:
    """What the name of a file says if Canvas wrote it. As Canvas does, the first two numbers are taken.

    >>> canvas("lovelaceada_LATE_123_4567_toy-1.py")
    Upload(system='canvas', person='lovelaceada', id='123', upload='4567', name='toy-1.py', is_late=True)
    >>> canvas("LATE_anon_Ab1Cd_4567_toy.ipynb").student, canvas("a_b_c.ipynb"), canvas("ada_1.ipynb")
    ('anon_Ab1Cd', None, None)
    """
    match = next(filter(None, (pattern.fullmatch(name) for pattern in _CANVAS)), None)
    if match is None:
        return None
    person, upload = match["person"], match["upload"]
    return Upload("canvas", person, match["id"], upload, match["name"], is_late=match["late"] is not None)


def moodle(path: Sequence[str]) -> Upload | None:
    """What a path says if Moodle wrote its first part.

    >>> moodle(("Ada Lovelace_77_assignsubmission_file_", "toy.ipynb"))
    Upload(system='moodle', person='Ada Lovelace', id='77', upload='', name='toy.ipynb', is_late=False)
    >>> moodle(("Ada Lovelace_77_assignsubmission_file_toy.ipynb",)).name, moodle(("a_b_c", "toy.ipynb"))
    ('toy.ipynb', None)
    """
    match = _MOODLE.fullmatch(path[0]) if path else None
    if match is None or (len(path) > 1 and match["name"]):
        return None
    name = path[-1] if len(path) > 1 else match["name"] or ""
    return Upload("moodle", match["person"], match["id"] or "", "", name)


def parse(path: str) -> Upload | None:
    """The same of a path in a report, whichever of the two wrote it.

    >>> parse("lovelaceada_123_4567_toy.ipynb").id, parse("Ada Lovelace_77_assignsubmission_file/toy.py").id
    ('123', '77')
    """
    parts = path.split("/")
    return moodle(parts) or (canvas(path) if len(parts) == 1 else None)


# ------------------------------------------------------------------ a class
@dataclass(frozen=True)
class Place:
    """Where a file would lie in nbgrader's layout, and what is to be told of it."""

    student: str
    name: str
    notes: tuple[str, ...] = ()
    is_outdated: bool = False  # the same student handed in a later version


def places(paths: Sequence[tuple[str, ...]], assignment: str) -> list[Place | None]:
    """The place of each path of a class that Canvas or Moodle named, else None.

    Canvas's names are believed where every notebook, module and archive that lies flat has one: then no other
    file is taken for one of Canvas by chance.

    >>> [place.name for place in places([("lovelaceada_1_7_toy-2.py",)], "toy")]
    ['toy.py']
    >>> places([("a_1_2_toy.py",), ("b.py",)], "toy")
    [None, None]
    """
    flat = [path[0] for path in paths if len(path) == 1 and not names.is_junk(path)]
    handed_in = [canvas(name) for name in flat if names.split(name)[1] and not moodle((name,))]
    is_canvas = bool(handed_in) and all(handed_in)
    found = [_upload(path, is_canvas) for path in paths]
    groups: dict[str, list[int]] = defaultdict(list)
    for at, upload in enumerate(found):
        if upload:
            groups[upload.student].append(at)
    result: list[Place | None] = [None] * len(paths)
    for group in groups.values():
        for at, place in zip(group, _of_student([found[at] for at in group], assignment), strict=True):
            result[at] = place
    return result


def _upload(path: tuple[str, ...], is_canvas: bool) -> Upload | None:
    if not path or names.is_junk(path) or names.leaves(path):
        return None
    return moodle(path) or (canvas(path[0]) if is_canvas and len(path) == 1 else None)


def _of_student(uploads: Sequence[Upload], assignment: str) -> Iterator[Place]:
    """The places of one student's files."""
    in_use = {upload.name for upload in uploads}
    first = [_first_name(upload, in_use, assignment) for upload in uploads]
    versions: dict[str, list[Upload]] = defaultdict(list)
    for upload, name in zip(uploads, first, strict=True):
        if upload.upload:
            versions[name].append(upload)
    latest = {name: max(group, key=lambda one: int(one.upload)) for name, group in versions.items()}
    for upload, name in zip(uploads, first, strict=True):
        notes = ["Canvas marks it as late"] if upload.is_late else []
        if len(versions[name]) > 1:
            notes.append(f"of {len(versions[name])} versions the latest one counts")
        is_outdated = latest.get(name, upload) is not upload
        yield Place(upload.student, name, tuple(notes), is_outdated)


def _first_name(upload: Upload, in_use: Container[str], assignment: str) -> str:
    """Its name before Canvas counted it up: ``toy.ipynb`` of ``toy-2.ipynb``, where that name is in use."""
    stem, suffix = names.split(upload.name)
    again = _AGAIN.fullmatch(stem)
    if not upload.upload or not suffix or again is None:
        return upload.name
    first = again[1] + upload.name[len(stem) :]
    return first if first in in_use or again[1].lower() == assignment.lower() else upload.name
