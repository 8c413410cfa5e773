"""What the lint found, as plain data: checks, the table of cases and ideas, mutants."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from grader.case import Case
from grader.records import Idea

#: What a case does with an idea: as with the solution; it passes though something else came; it fails by a
#: value; it fails by a call that gave none.
SAME, LET_THROUGH, CAUGHT, CRASHED = "·", "~", "x", "!"


@dataclass(frozen=True)
class Check:
    """One thing that was looked at, and each reason why it is not as it should be."""

    title: str
    detail: str  # what was found, in numbers
    problems: tuple[str, ...] = ()

    @property
    def is_ok(self) -> bool:
        return not self.problems


@dataclass(frozen=True)
class IdeaRow:
    """One idea against every case."""

    idea: Idea
    marks: str  # one of the signs above for each case
    lost: float  # points, in the draw that loses fewest
    margin: float  # smallest wrong difference that a case catches, in tolerances; inf where all are exact


@dataclass(frozen=True)
class SmallestSet:
    """Cases that tell every idea from every other and from the solution."""

    places: tuple[int, ...]  # among all cases
    is_proven: bool  # that no smaller set does; else the search was given up


@dataclass(frozen=True)
class Mutant:
    """The solution with one slip of the hand in it."""

    label: str  # "cell 9"
    line: int  # in this cell
    before: str  # the line as it was
    after: str
    text: str  # of the whole cell

    @property
    def place(self) -> str:
        return f"{self.label}, line {self.line}"


@dataclass(frozen=True)
class Fate:
    """What became of a mutant; a survivor that differs nowhere from the solution is probably equal to it."""

    mutant: Mutant
    killer: str = ""  # the hidden case that fails, or what ended the mutant's process
    seed: int | None = None  # with which nothing catches it
    witness: str = ""  # a call on which a survivor differs from the solution

    @property
    def is_survivor(self) -> bool:
        return bool(self.witness)

    @property
    def is_equal(self) -> bool:
        return not self.killer and not self.witness


@dataclass(frozen=True)
class LintReport:
    """All of it, for one assignment."""

    name: str
    checks: tuple[Check, ...]
    cases: tuple[Case, ...]
    rows: tuple[IdeaRow, ...]
    smallest: SmallestSet
    fates: tuple[Fate, ...]
    seconds: float

    @property
    def is_ok(self) -> bool:
        return all(check.is_ok for check in self.checks)


def mutation_score(fates: Sequence[Fate]) -> float:
    """The share of the mutants that some hidden case catches, of those that are not equal to the solution."""
    killed = sum(bool(fate.killer) for fate in fates)
    survivors = sum(fate.is_survivor for fate in fates)
    return killed / (killed + survivors) if killed + survivors else math.nan
