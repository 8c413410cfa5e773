"""What students get, or could get: release/, feedback/, and the exchange's folders for both."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from grader.course import SEED
from grader.course.check.private import Secrets, digest, lines, text_of
from grader.course.check.records import Course, Finding, Source
from grader.errors import AssignmentError
from grader.intake.extract import nbgrader_of
from grader.release import student_notebook
from grader.sandbox.text import clean_line

#: Never released, whatever is in it.
PRIVATE = (
    "grading", "assignment.toml", "gradebook.db", "misconceptions.py", "probes.py", "test_hidden.py", SEED,
)  # fmt: skip
#: Regions of a notebook that a release takes out.
_REGIONS = ("SOLUTION", "HIDDEN TESTS", "MARK SCHEME")
#: Larger files are pictures and data.
MAX_BYTES = 20_000_000
#: Fewer digits may stand anywhere.
_SHORTEST_SEED = 6


@dataclass(frozen=True)
class _Forbidden:
    """What must not stand in a folder's files."""

    files: Mapping[str, str]  # digest -> which one it is
    lines: Mapping[str, str]  # line -> where it stands
    words: Mapping[str, str]  # anywhere in a text -> what is wrong with it

    def in_file(self, path: Path) -> str:
        """Why students must not get a file, or nothing."""
        if path.name in PRIVATE:
            return "is what students must never get"
        data = _read(path)
        if digest(data) in self.files:
            return f"is {self.files[digest(data)]} under another name"
        text = text_of(path, data)
        said = [wrong for word, wrong in self.words.items() if word in text]
        found = lines(text) & self.lines.keys()
        if found:
            first = min(found, key=lambda line: (self.lines[line], line))
            number = "a private line" if len(found) == 1 else f"{len(found)} private lines"
            said.append(f"holds {number}, such as `{clean_line(first, 60)}` of {self.lines[first]}")
        return "; ".join(said)


def look_at(course: Course) -> Iterator[Finding]:
    """Look for what is private, and for what is no longer the source's."""
    secrets, settings = Secrets.of(course.sources), course.settings
    seed = _read(course.root / SEED)
    files = {**secrets.files, digest(seed): SEED} if seed else secrets.files
    number = seed.decode("ascii", "replace").strip()
    words = {number: "holds the course's seed"} if len(number) >= _SHORTEST_SEED else {}
    feedback = _Forbidden(files, secrets.tests, words)  # with students' own lines, which may be right
    regions = {f"BEGIN {name}": f"still has a {name} region" for name in _REGIONS}
    release = _Forbidden(files, {**secrets.answers, **secrets.tests}, {**regions, **words})
    for top, forbidden in (
        (settings.release, release), (settings.outbound, release),
        (settings.feedback, feedback), (settings.feedback_out, feedback),
    ):  # fmt: skip
        if top is not None:
            yield from _leaks(course, top, forbidden)
    for source in course.sources:
        yield from _stale(course, source)


# ------------------------------------------------------------------ leaks
def _leaks(course: Course, top: Path, forbidden: _Forbidden) -> Iterator[Finding]:
    for folder, folders, files in os.walk(top):
        private = [name for name in folders if name in PRIVATE]
        folders[:] = sorted(set(folders) - set(private))
        for path in (Path(folder, name) for name in (*private, *sorted(files))):
            said = forbidden.in_file(path)
            if said:
                remedy = "delete it; if students have it, draw a new seed and change what it gives away"
                yield Finding(course.place(path), said, remedy)


def _read(path: Path) -> bytes:
    """A file's content; nothing of what is too large, no file, or somebody else's."""
    try:
        return path.read_bytes() if os.path.isfile(path) and path.stat().st_size <= MAX_BYTES else b""
    except OSError:
        return b""


# ------------------------------------------------------------------ what is no longer the source's
def _stale(course: Course, source: Source) -> Iterator[Finding]:
    """Whether students would get something else if it was released now."""
    folder = course.settings.release / source.name
    notebook, public = f"{source.name}.ipynb", "test_public.py"
    if source.assignment is None or not folder.is_dir():
        return
    try:
        wanted = _content(student_notebook(source.assignment.notebook.read_text(encoding="utf-8")))
        there = _content((folder / notebook).read_text(encoding="utf-8"))
    except FileNotFoundError:
        there = None
    except (OSError, ValueError, KeyError, TypeError, AttributeError, AssignmentError):
        return  # told elsewhere
    remedy = f"`nbgrader generate_assignment {source.name} --force`, and hand it out again"
    if there is None or not _holds(there, wanted):
        sentence = "is missing" if there is None else "differs from what the source gives now"
        yield Finding(course.place(folder / notebook), sentence, remedy, "warning")
    if _bytes(folder / public) != _bytes(source.folder / public):
        sentence = f"differs from {course.place(source.folder / public)}, or is missing: checks run on it"
        yield Finding(course.place(folder / public), sentence, remedy, "warning")


def _content(text: str) -> list[tuple]:
    """What students see of a notebook, and what is graded for how much."""
    cells = json.loads(text)["cells"]
    marks = [nbgrader_of(cell) for cell in cells]
    return [
        (cell["cell_type"], "".join(cell["source"]).strip(), mark.get("grade_id"), mark.get("points"))
        for cell, mark in zip(cells, marks, strict=True)
    ]


def _holds(there: list[tuple], wanted: list[tuple]) -> bool:
    """Whether all that is wanted is there, in order; a header may stand before it."""
    rest = iter(there)
    return all(cell in rest for cell in wanted)


def _bytes(path: Path) -> bytes | None:
    return path.read_bytes() if path.is_file() else None
