"""The hidden cases against the mutants of the solution, in processes of their own: a mutant may do anything.

A call that takes too long is ended by the alarm; a process that hears none, or that a mutant ends, is
replaced by another, and the mutant counts as caught: no hand-in gets points for that.
"""

from __future__ import annotations

import warnings
from collections.abc import Callable, Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np

from grader import executors
from grader.cases import Attempts, with_attempts
from grader.diagnosis import bank as banks
from grader.diagnosis.answers import Answer, answer
from grader.diagnosis.bank import Call
from grader.errors import GraderError
from grader.executors.processes import in_processes
from grader.lint.answers import solution
from grader.lint.evidence import as_array, same
from grader.lint.ideas import DRAWS
from grader.lint.mutants import mutants
from grader.lint.records import Check, Fate, Mutant, mutation_score
from grader.lint.statement import solution_cells
from grader.records import Assignment, Source
from grader.student import LocalBox

#: Seed -> the hidden cases with it.
Draws = Mapping[int, Attempts]
#: Calls of the solution take milliseconds.
CALL_SECONDS = 1.0
#: Memory that a mutant may take.
MEMORY_BYTES = 2 << 30


def fates(assignment: Assignment, seed: int, jobs: int | None = None) -> tuple[Fate, ...]:
    """Try every mutant of the functions that students write.

    Parameters
    ----------
    assignment : Assignment
    seed : int
        Of the hidden inputs and of the probes.
    jobs : int, optional
        Processes; one a core if not given.
    """
    source = solution(assignment)
    filled = solution_cells(assignment)
    every = [one for cell in source.cells if cell.label in filled for one in mutants(cell.label, cell.text)]
    found: dict[int, Fate] = {}
    if every:
        work = _Work(assignment, source, seed)
        jobs = min(jobs or executors.usable_cores(), len(every))
        in_processes(work, every, len(every), jobs, found.__setitem__)
    return tuple(found[number] for number in sorted(found))


def check(found: tuple[Fate, ...]) -> Check:
    """The hidden cases catch the mutants."""
    lines: dict[str, list[int]] = {}
    for fate in found:
        if fate.is_survivor:
            lines.setdefault(fate.mutant.label, []).append(fate.mutant.line)
    problems = tuple(
        f"{label}: {len(numbers)} in line {', '.join(map(str, sorted(set(numbers))))}"
        for label, numbers in lines.items()
    )
    equal = sum(fate.is_equal for fate in found)
    if found and equal == len(found):
        problems = ("no case and no probe tells any of them from the solution",)
    caught = f"{mutation_score(found):.1%} of {len(found) - equal}" if equal < len(found) else "none"
    detail = f"{caught}; {equal} more are probably equal to the solution"
    return Check("hidden cases catch the mutants", detail, problems)


@dataclass(frozen=True)
class _Work:
    """What a mutant's process does, one mutant after the other."""

    assignment: Assignment
    source: Source
    seed: int

    def serve(self, jobs: Iterable[tuple[int, Mutant]], done: Any, place: int) -> None:
        _hold_memory()
        warnings.simplefilter("ignore")
        np.seterr(all="ignore")
        probes = banks.load(self.assignment).probes(np.random.default_rng(self.seed))

        def body(draws: Draws) -> None:
            trial = _Trial(draws, self._box(None), probes)
            for number, mutant in jobs:
                try:
                    fate = trial.fate(mutant, self._box(mutant))
                except Exception as problem:  # of ours: what a mutant raises is its call's outcome
                    raise GraderError(f"{mutant.place}: {type(problem).__name__}: {problem}") from problem
                done(number, fate)

        self._with_draws(body, {})

    def lost(self, mutant: Mutant, reason: str) -> Fate:
        return Fate(mutant, killer=reason)

    def _with_draws(self, body: Callable[[Draws], None], opened: Draws) -> None:
        """Open a session of hidden cases for each draw, one inside the other, then call `body` with them."""
        if len(opened) == DRAWS:
            return body(opened)
        seed = self.seed + len(opened)

        def inside(attempts: Attempts) -> None:
            self._with_draws(body, {**opened, seed: attempts})

        with_attempts(self.assignment, seed, inside, visibility="hidden")

    def _box(self, mutant: Mutant | None) -> LocalBox:
        cells = [
            replace(cell, text=mutant.text) if mutant is not None and cell.label == mutant.label else cell
            for cell in self.source.cells
        ]
        box = LocalBox.from_source(replace(self.source, cells=tuple(cells)))
        box.seconds = CALL_SECONDS
        return box


class _Trial:
    """The hidden cases of every draw and the probes, for one mutant after the other."""

    def __init__(self, draws: Draws, solution: LocalBox, probes: tuple[Call, ...]) -> None:
        self._draws = draws
        self._known = [(call, _answer(solution, call)) for call in probes]
        self._broken = {  # a case that the solution fails catches nothing
            (seed, attempt.case.name)
            for seed, attempts in draws.items()
            for attempt in attempts(solution)
            if attempt.raised is not None
        }

    def fate(self, mutant: Mutant, box: LocalBox) -> Fate:
        """Caught in every draw, or a survivor: what is caught by luck will not be in another year."""
        for seed in self._draws:
            killer = self._killer(seed, box)
            if not killer:
                return Fate(mutant, seed=seed, witness=self._witness(box))
        return Fate(mutant, killer)

    def _killer(self, seed: int, box: LocalBox) -> str:
        """The first case that takes points away with `seed`, or nothing; those after it are not run."""
        failed = (attempt.case for attempt in self._draws[seed](box) if attempt.raised is not None)
        counted = (c.name for c in failed if c.points and (seed, c.name) not in self._broken)
        return next(counted, "")

    def _witness(self, box: LocalBox) -> str:
        """The first probe to which a mutant gives another answer, or nothing."""
        differing = (call for call, right in self._known if not same(_answer(box, call), right))
        return next(map(_shown, differing), "")


def _answer(box: LocalBox, call: Call) -> Answer | None:
    return answer(box.call(call.function, call.args, call.kwargs))


def _shown(call: Call) -> str:
    named = (f"{name}={_argument(value)}" for name, value in call.kwargs.items())
    return f"{call.function}({', '.join([*map(_argument, call.args), *named])})"


def _argument(value: Any) -> str:
    numbers = as_array(value)
    if numbers is not None and numbers.size > 8:
        return f"<{'×'.join(map(str, numbers.shape))}>"
    if numbers is not None and numbers.dtype.kind == "f":
        return str(numbers.round(4).tolist())
    return " ".join(repr(value).split())


def _hold_memory() -> None:
    """A mutant that asks for more gets a MemoryError; on Linux alone."""
    with suppress(ImportError, ValueError, OSError):
        import resource

        pages = int(Path("/proc/self/statm").read_text().split()[0])  # NumPy's threads reserve a lot
        limit = pages * resource.getpagesize() + MEMORY_BYTES
        _, most = resource.getrlimit(resource.RLIMIT_AS)
        if most == resource.RLIM_INFINITY or limit < most:
            resource.setrlimit(resource.RLIMIT_AS, (limit, most))
