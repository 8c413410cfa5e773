"""What a simulated class is made of: the released notebook, right programs, and the bank's wrong steps."""

from __future__ import annotations

import json
import re
import sys
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from grader import assignment as assignments
from grader.diagnosis import bank as banks
from grader.errors import AssignmentError
from grader.intake import extract
from grader.records import Assignment
from grader.release import CODE_STUB, student_notebook
from grader.simulate.parts import Part, Parts, Piece, arguments, by_name, parts_of, piece, reached, renamed

if sys.version_info >= (3, 11):
    import tomllib
else:
    import tomli as tomllib

#: Where the source of a cell stands.
_PLACE = '"source": []'
#: The lines around a solution, which nobody hands in.
_REGION = re.compile(r"^.*\b(BEGIN|END) SOLUTION\b.*\n?", re.MULTILINE)
#: A right program: what each function asked of the students is made of. Not every one has them all.
Base = Mapping[str, Piece]


@dataclass(frozen=True)
class HandedOutCell:
    """A cell of the released notebook, as JSON."""

    text: str
    functions: tuple[str, ...]  # that are to be written here, in order
    is_code: bool
    is_answer: bool  # in words, read by a person

    def with_source(self, source: str) -> str:
        """The same cell with another source."""
        return self.text.replace(_PLACE, _lines(source), 1)

    @classmethod
    def of(cls, cell: Mapping[str, Any], functions: tuple[str, ...] = ()) -> HandedOutCell:
        is_code = cell["cell_type"] == "code"
        is_answer = not is_code and extract.nbgrader_of(dict(cell)).get("solution") is True
        is_filled = bool(functions) or is_answer
        text = json.dumps({**cell, "source": []}, indent=1, ensure_ascii=False)
        if not is_filled:
            text = text.replace(_PLACE, _lines(_text(cell)), 1)
        return cls(text, functions, is_code, is_answer)


@dataclass(frozen=True)
class Material:
    """Of one assignment.

    Attributes
    ----------
    name : str
    functions : tuple of str
        Those that students write, in the notebook's order.
    cells : tuple of HandedOutCell
    untouched : bytes
        The notebook as it is handed out.
    ending : str
        Of its JSON, after the cells.
    stubs : mapping of functions to the text that is handed out
    given : mapping of names to the texts that are handed out finished
    later : frozenset of str
        Names that the notebook binds after the first cell to be filled in.
    bases : tuple of Base
        Right programs; the first has all functions.
    groups : tuple of tuples of str
        Functions of which one calls another, in some program: they are taken from one program together.
        No test says that another one's function would do in its place.
    bank : BankText or None
    """

    name: str
    functions: tuple[str, ...]
    cells: tuple[HandedOutCell, ...]
    untouched: bytes
    ending: str
    stubs: Mapping[str, str]
    given: Mapping[str, str]
    later: frozenset[str]
    bases: tuple[Base, ...]
    groups: tuple[tuple[str, ...], ...]
    bank: BankText | None


class BankText:
    """The bank as texts.

    Parameters
    ----------
    bank : grader.diagnosis.bank.Bank
        What stands in place of what.
    parts : Parts
        The right steps and all else of its files, by name.
    functions : tuple of str
        That students write.
    """

    def __init__(self, bank: banks.Bank, parts: Parts, functions: tuple[str, ...]) -> None:
        self._bank, self._parts, self._functions = bank, parts, functions
        self._known: dict[tuple[str, ...], dict[str, Piece]] = {}
        self.right = _base(parts, functions)
        self.ideas = tuple(idea.name for idea in bank.ideas if self.wrong((idea.name,)))

    def can_combine(self, names: tuple[str, ...]) -> bool:
        """Whether they stand in different steps, and can be written down together."""
        return self._bank.can_combine(names) and bool(self.wrong(names))

    def wrong(self, names: tuple[str, ...]) -> Mapping[str, Piece]:
        """The functions that these ideas change; nothing if they cannot be written down."""
        if names not in self._known:
            self._known[names] = self._wrong(names)
        return self._known[names]

    def _wrong(self, names: tuple[str, ...]) -> dict[str, Piece]:
        steps = {step: name for name in names for step in self._bank.steps_of[name]}
        if not all(name in self._parts for name in names):
            return {}
        put = {step: renamed(self._parts[name], name, step) for step, name in steps.items()}
        parts = {**self._parts, **put}
        changed = [
            function
            for function in self._functions
            if any(set(part.names) & steps.keys() for part in reached(self._parts, function))
        ]
        found = {function: piece(parts, function, self._functions) for function in changed}
        return {function: one for function, one in found.items() if one} if all(found.values()) else {}


def read(assignment: Assignment) -> Material:
    """Read the folder of an assignment, and what the sample class has of it.

    Raises
    ------
    AssignmentError
        If no function asked of the students stands in a solution cell of the notebook.
    """
    text = assignment.notebook.read_text(encoding="utf-8")
    source, released = json.loads(text), json.loads(student_notebook(text))
    filled = [_functions_in(cell, assignment.functions) for cell in source["cells"]]
    functions = tuple(dict.fromkeys(function for found in filled for function in found))
    if not functions:
        raise AssignmentError(
            f"{assignment.notebook.name}: no solution cell defines one of {', '.join(assignment.functions)}"
        )
    own = _base(by_name(_program(assignment.notebook.name, assignment.notebook.read_bytes())), functions)
    if len(own) < len(functions):
        raise AssignmentError(f"{assignment.notebook.name}: its solution needs names that it does not define")
    stubs = by_name(part for cell in released["cells"] if _is_filled(cell) for part in parts_of(_text(cell)))
    bank = _bank_text(assignment, functions)
    calls = {function: arguments(_own_text(own, function)) for function in functions}
    others = [bank.right] if bank else []
    others += [_base(by_name(parts), functions) for parts in _sample_programs(assignment)]
    bases = [own]
    for base in others:
        bases.append({f: base[f] for f in base if arguments(_own_text(base, f)) == calls[f]})
    return Material(
        name=assignment.name,
        functions=functions,
        cells=tuple(map(HandedOutCell.of, released["cells"], filled)),
        untouched=student_notebook(text).encode(),
        ending=json.dumps({key: value for key, value in released.items() if key != "cells"}, indent=1)[1:],
        stubs={f: stubs[f].text if f in stubs else CODE_STUB for f in functions},
        given={name: part.text for name, part in by_name(_given(released["cells"])).items()},
        later=_bound_later(released["cells"], filled),
        bases=tuple(bases),
        groups=_groups(functions, bases),
        bank=bank,
    )


def _base(parts: Parts, functions: tuple[str, ...]) -> dict[str, Piece]:
    found = {function: piece(parts, function, functions) for function in functions}
    return {function: one for function, one in found.items() if one}


def _groups(functions: tuple[str, ...], bases: Iterable[Base]) -> tuple[tuple[str, ...], ...]:
    """The functions that call each other, directly or through others."""
    groups = [{function} for function in functions]
    for base in bases:
        for function, parts in base.items():
            called = {function}.union(*(part.uses for part in parts))
            joined = [group for group in groups if group & called]
            groups = [group for group in groups if not group & called] + [set().union(*joined)]
    return tuple(tuple(f for f in functions if f in group) for group in groups)


def _own_text(base: Base, function: str) -> str:
    return next(part.text for part in base[function] if function in part.names)


# ------------------------------------------------------------------ the notebook
def _text(cell: Mapping[str, Any]) -> str:
    return "".join(cell["source"])


def _is_filled(cell: Mapping[str, Any]) -> bool:
    return cell["cell_type"] == "code" and extract.nbgrader_of(dict(cell)).get("solution") is True


def _functions_in(cell: Mapping[str, Any], asked: tuple[str, ...]) -> tuple[str, ...]:
    """The functions that the solution defines in this cell, in its order."""
    if not _is_filled(cell):
        return ()
    return tuple(name for part in parts_of(_text(cell)) for name in part.names if name in asked)


def _lines(source: str) -> str:
    """The source of a cell, as notebooks have it."""
    lines = [json.dumps(line, ensure_ascii=False) for line in source.splitlines(keepends=True)]
    return '"source": [\n  ' + ",\n  ".join(lines) + "\n ]" if lines else _PLACE


def _given(cells: Iterable[dict[str, Any]]) -> Iterator[Part]:
    for cell in cells:
        if cell["cell_type"] == "code" and not _is_filled(cell) and not extract.is_test(cell):
            yield from parts_of(_text(cell))


def _bound_later(cells: list[dict[str, Any]], filled: list[tuple[str, ...]]) -> frozenset[str]:
    first = next(place for place, functions in enumerate(filled) if functions)
    return frozenset(name for part in _given(cells[first:]) for name in part.names)


# ------------------------------------------------------------------ other programs
def _program(name: str, data: bytes) -> tuple[Part, ...]:
    cells = extract.source(name, data).cells
    return tuple(part for cell in cells for part in parts_of(_REGION.sub("", cell.text)))


def _bank_text(assignment: Assignment, functions: tuple[str, ...]) -> BankText | None:
    if not banks.has_bank(assignment):
        return None
    files = [assignment.folder / "grading" / name for name in ("solution.py", "misconceptions.py")]
    parts = [part for file in files if file.is_file() for part in parts_of(file.read_text(encoding="utf-8"))]
    return BankText(banks.load(assignment), by_name(parts), functions)


def _sample_programs(assignment: Assignment) -> Iterator[tuple[Part, ...]]:
    """The hand-ins of the sample class that are right."""
    sample = assignments.home() / assignments.SAMPLE_CLASS
    expected = sample / "expected.toml"
    if assignment.folder != (assignments.home() / assignment.name).resolve() or not expected.is_file():
        return
    rows = tomllib.loads(expected.read_text(encoding="utf-8"))
    for student, row in rows.items():
        if isinstance(row, dict) and row.get(assignment.name, {}).get("outcome") == "correct":
            for file in _files(sample / student / assignment.name):
                yield _program(file.name, file.read_bytes())


def _files(folder: Path) -> list[Path]:
    return sorted(path for path in folder.glob("*") if path.suffix in (".ipynb", ".py"))
