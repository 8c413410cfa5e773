"""The programs of the diagnosis benchmark: ``programs/<assignment>/{right,wrong,held_out}/*.py``.

``held_out`` are wrong ones, too, written without sight of the bank.

A program begins with lines ``# key: value``. ``faults`` names what a wrong one has, as ids of ideas joined by
`` + ``; `` | `` stands between labels that are equally true, ``none`` for a fault that no idea describes.
``style`` says how it is written. ``rest`` names the right program that the missing functions come from, as a
classmate's cells further up.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

from grader.records import Cell, Source, Submission

PROGRAMS = Path(__file__).parent / "programs"
ASSIGNMENTS = ("roi_pool", "bilinear", "roi_align")
Label = frozenset[str]

_HEADER = re.compile(r"# (\w+): (.+)")
_KEYS = {"faults", "style", "rest"}
_WRONG = ("wrong", "held_out")


@dataclass(frozen=True)
class Program:
    """One program and what is known about it."""

    name: str  # "wrong/ends_round.py"
    assignment: str
    labels: tuple[Label, ...]  # any of them is the truth; none: nobody knows
    style: str
    source: Source

    @property
    def submission(self) -> Submission:
        return Submission(self.name, self.name, self.source)


def read(path: Path) -> Program:
    """One program with the rest that its header names; ValueError for a header that is not well-formed."""
    text = path.read_text(encoding="utf-8")
    header = _header(text, path)
    folder = path.parent.parent
    cells = [Cell(path.name, text)]
    if "rest" in header:
        rest = folder / header["rest"]
        cells.insert(0, Cell(rest.name, rest.read_text(encoding="utf-8")))
    name = f"{path.parent.name}/{path.name}"
    labels = _labels(header["faults"]) if path.parent.name in _WRONG else (frozenset(),)
    return Program(name, folder.name, labels, header["style"], Source(tuple(cells), is_notebook=False))


def load(assignment: str, kind: str) -> list[Program]:
    """The "right", "wrong" or "held_out" programs of an assignment, by name."""
    return [read(path) for path in sorted((PROGRAMS / assignment / kind).glob("*.py"))]


def _header(text: str, path: Path) -> dict[str, str]:
    header = {}
    for line in text.splitlines():
        entry = _HEADER.fullmatch(line)
        if entry is None:
            break
        header[entry[1]] = entry[2]
    missing = {"style"} | ({"faults"} if path.parent.name in _WRONG else set())
    if not missing <= header.keys() <= _KEYS:
        raise ValueError(f"{path.name}: the header has {sorted(header)}; it needs {sorted(missing)}")
    return header


def _labels(faults: str) -> tuple[Label, ...]:
    """``"a + b | c"`` -> ({a, b}, {c})."""
    return tuple(
        frozenset() if label.strip() == "none" else frozenset(map(str.strip, label.split("+")))
        for label in re.split(r" \| ", faults)
    )
