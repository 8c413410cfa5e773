"""What students must not see, as lines and as files; a line is a secret where no released file has it.

Short lines and docstrings are none: the one anybody writes, the other students read as ideas.
"""

from __future__ import annotations

import ast
import hashlib
import html
import json
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from grader import assignment as assignments
from grader.course.check.records import Source
from grader.errors import AssignmentError, SubmissionError
from grader.intake.extract import cell_text, notebook_cells
from grader.release import student_notebook

#: Characters of a line, without the spaces around it, that say something.
SHORTEST = 21
#: What a region of a notebook is to students.
_REGIONS = {"SOLUTION": "a solution", "HIDDEN TESTS": "a hidden test", "MARK SCHEME": "a mark scheme"}
_TAG = re.compile(r"<[^<>]*>")


@dataclass
class Secrets:
    """What a course keeps to itself; each line and file with where it stands."""

    tests: dict[str, str] = field(default_factory=dict)  # hidden tests and mark schemes
    answers: dict[str, str] = field(default_factory=dict)  # solutions and ideas: students may have them, too
    files: dict[str, str] = field(default_factory=dict)  # digest -> path

    @classmethod
    def of(cls, sources: Iterable[Source]) -> Secrets:
        """Collect them; what cannot be read is told elsewhere."""
        found, public = cls(), set()
        for source in sources:
            public.update(_public(source))
            found._add_notebook(source)
            for path in _files(source.folder / "grading"):
                found._add_file(path, f"source/{path.relative_to(source.folder.parent).as_posix()}")
        for known in (found.tests, found.answers):
            for line in public & known.keys():
                del known[line]
        return found

    def _add_notebook(self, source: Source) -> None:
        for name, line in _regions(_cells(source.folder / f"{source.name}.ipynb")):
            known = self.answers if name == "SOLUTION" else self.tests
            known.setdefault(line, f"{_REGIONS[name]} of source/{source.name}/{source.name}.ipynb")

    def _add_file(self, path: Path, place: str) -> None:
        data = path.read_bytes()
        self.files[digest(data)] = place
        if path.suffix == ".py":
            known = self.tests if path.name.startswith("test_") else self.answers
            for line in _statements(data.decode("utf-8", "replace")):
                known.setdefault(line, place)


def digest(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()


def lines(text: str) -> set[str]:
    """The lines that say something, without spaces around and between words."""
    plain = (" ".join(line.split()) for line in text.splitlines())
    return {line for line in plain if len(line) >= SHORTEST}


def text_of(path: Path, data: bytes) -> str:
    """What a released file says: of a notebook every text in it, of a page the text between its tags."""
    text = data.decode("utf-8", "replace")
    if path.suffix == ".ipynb":
        try:
            return "\n".join(_texts(json.loads(text)))
        except (ValueError, RecursionError):
            return text
    return html.unescape(_TAG.sub("", text)) if path.suffix in (".html", ".htm") else text


def _texts(value: Any) -> Iterator[str]:
    """Every text in JSON; a source that is a list of lines is one."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, (list, dict)):
        for part in value.values() if isinstance(value, dict) else value:
            yield from _texts(part)


# ------------------------------------------------------------------ what stands where
def _public(source: Source) -> set[str]:
    """The lines that students get of an assignment."""
    found = set()
    notebook = source.folder / f"{source.name}.ipynb"
    try:
        released = student_notebook(notebook.read_text(encoding="utf-8"))
        found |= lines(text_of(notebook, released.encode()))
        listed = assignments.release_list(source.folder)
    except (OSError, UnicodeDecodeError, AssignmentError):
        listed = ()
    for path in (source.folder / name for name in ("test_public.py", *listed)):
        if path.is_file():
            found |= lines(path.read_text(encoding="utf-8", errors="replace"))
    return found


def _cells(path: Path) -> list[str]:
    try:
        return [cell_text(cell, "cell") for cell in notebook_cells(path.read_bytes())]
    except (OSError, AttributeError, SubmissionError):
        return []


def _regions(texts: Iterable[str]) -> Iterator[tuple[str, str]]:
    """(Name of the region, line) for each line inside of one."""
    for text in texts:
        inside = ""
        for line in text.splitlines():
            begun = next((name for name in _REGIONS if f"BEGIN {name}" in line), "")
            if inside and f"END {inside}" in line:
                inside = ""
            elif begun:
                inside = begun
            elif inside:
                yield from ((inside, plain) for plain in lines(line))


def _statements(text: str) -> set[str]:
    """The lines of a module outside its docstrings."""
    kept = text.splitlines()
    try:
        nodes = [node for node in ast.walk(ast.parse(text)) if isinstance(node, ast.Expr)]
    except (SyntaxError, ValueError):
        nodes = []
    for node in nodes:
        if isinstance(node.value, ast.Constant) and isinstance(node.value.value, str):
            kept[node.lineno - 1 : node.end_lineno] = [""] * (node.end_lineno - node.lineno + 1)
    return lines("\n".join(kept))


def _files(folder: Path) -> list[Path]:
    left_out = ("__pycache__", ".ipynb_checkpoints")
    found = (path for path in folder.rglob("*") if path.is_file() and path.stat().st_size)
    return sorted(path for path in found if not any(part in left_out for part in path.parts))
