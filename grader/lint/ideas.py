"""The ideas of the bank against every case, with several draws of the hidden inputs."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations

from grader.cases import Attempts, with_attempts
from grader.diagnosis.bank import Bank, plain_name
from grader.lint.evidence import CaseRun, Run, all_same, observe, score
from grader.lint.records import CAUGHT, CRASHED, LET_THROUGH, SAME, Check, IdeaRow, SmallestSet
from grader.lint.separation import smallest_set
from grader.records import Assignment

#: Draws of the hidden inputs: a case that catches an idea by luck is no case for it.
DRAWS = 3
#: An idea is caught for sure where its largest difference has so many tolerances.
CLEAR = 10.0
_SOLUTION = "the solution"


@dataclass(frozen=True)
class Draw:
    """Every idea with one seed."""

    seed: int
    right: Run
    wrong: Mapping[str, Run]  # idea -> run


def draws(assignment: Assignment, bank: Bank, seed: int) -> tuple[Draw, ...]:
    """Run the bank's solution and each of its ideas, with the seeds from `seed` on."""

    def body(attempts: Attempts, number: int) -> Draw:
        right = observe(attempts, bank.candidate())
        wrong = {idea.name: observe(attempts, bank.candidate(idea.name)) for idea in bank.ideas}
        return Draw(number, right, wrong)

    numbers = range(seed, seed + DRAWS)
    return tuple(with_attempts(assignment, n, lambda attempts, n=n: body(attempts, n)) for n in numbers)


# ------------------------------------------------------------------ the table
def rows(bank: Bank, found: Sequence[Draw]) -> tuple[IdeaRow, ...]:
    """One row an idea: the marks of the first draw, the fewest points lost and the smallest margin of all."""
    return tuple(
        IdeaRow(
            idea=idea,
            marks="".join(map(_mark, found[0].wrong[idea.name], found[0].right)),
            lost=min(_lost(draw, idea.name) for draw in found),
            margin=min((run.margin for draw in found for run in _failed(draw, idea.name)), default=0.0),
        )
        for idea in bank.ideas
    )


def _mark(run: CaseRun, right: CaseRun) -> str:
    if not run.has_passed:
        return CRASHED if run.has_crashed else CAUGHT
    return SAME if all_same(run, right) else LET_THROUGH


def _lost(draw: Draw, name: str) -> float:
    return score(draw.right) - score(draw.wrong[name])


def _failed(draw: Draw, name: str) -> list[CaseRun]:
    return [run for run in draw.wrong[name] if not run.has_passed]


# ------------------------------------------------------------------ the checks
def losing(bank: Bank, found: Sequence[Draw]) -> Check:
    """Every idea loses points."""
    problems = [
        f"{idea.name} keeps all points with seed {draw.seed}"
        for idea in bank.ideas
        for draw in found
        if _lost(draw, idea.name) <= 0
    ]
    fewest = min((_lost(draw, idea.name) for draw in found for idea in bank.ideas), default=0.0)
    detail = f"{len(bank.ideas)} ideas, {DRAWS} draws each; each loses at least {fewest:g}"
    return Check("every idea loses points", detail, tuple(problems))


def clear(bank: Bank, found: Sequence[Draw]) -> Check:
    """Every idea is far from what the tolerances allow, in some case."""
    largest = {
        (draw.seed, idea.name): max((run.margin for run in _failed(draw, idea.name)), default=math.inf)
        for draw in found
        for idea in bank.ideas
    }
    problems = [
        f"{name} differs by {size:.1f} tolerances at most, with seed {seed}"
        for (seed, name), size in largest.items()
        if size < CLEAR
    ]
    least = min(largest.values(), default=math.inf)
    shown = "all exact" if math.isinf(least) else f"the least clear one by {least:.3g}"
    detail = f"each by {CLEAR:g} of them or more in some case; {shown}"
    return Check("ideas are wrong by more than tolerances", detail, tuple(problems))


def faults(found: Sequence[Draw]) -> Check:
    """No case breaks at an idea."""
    runs = [(draw.seed, name, run) for draw in found for name, every in draw.wrong.items() for run in every]
    problems = {run.fault: f"{run.fault} ({name}, seed {seed})" for seed, name, run in runs if run.fault}
    return Check("no case breaks", "the tests themselves raise nothing", tuple(problems.values()))


def separated(bank: Bank, found: Sequence[Draw]) -> tuple[Check, SmallestSet]:
    """Every two ideas are told apart, and the fewest cases that do it."""
    problems, pairs = [], []
    names = [_SOLUTION, *(idea.name for idea in bank.ideas)]
    telling = [_Telling(draw) for draw in found]
    apart = [(a, b) for a, b in combinations(names, 2) if plain_name(a) != plain_name(b)]
    for one, other in apart:
        masks = [draw.cases(one, other) for draw in telling]
        missing = [str(draw.seed) for draw, mask in zip(found, masks, strict=True) if not mask]
        if missing:
            problems.append(f"{one} and {other}: no case tells them apart with seed {', '.join(missing)}")
        else:
            pairs.append(_common(masks) or masks[0])
    places, is_proven = smallest_set(pairs)
    detail = f"{len(apart) - len(problems)} of {len(apart)} pairs, the solution among them"
    return Check("every two ideas are told apart", detail, tuple(problems)), SmallestSet(places, is_proven)


def _common(masks: Sequence[int]) -> int:
    found = masks[0]
    for mask in masks[1:]:
        found &= mask
    return found


class _Telling:
    """For one draw: which ideas give the same in a case, as a number for each idea and case."""

    def __init__(self, draw: Draw) -> None:
        runs = {_SOLUTION: draw.right, **draw.wrong}
        self._kinds = {name: [] for name in runs}
        for place in range(len(draw.right)):
            first: list[CaseRun] = []  # of each kind
            for name, run in runs.items():
                kind = next((n for n, one in enumerate(first) if all_same(one, run[place])), len(first))
                if kind == len(first):
                    first.append(run[place])
                self._kinds[name].append(kind)

    def cases(self, one: str, other: str) -> int:
        """The cases that tell two ideas apart, as bits."""
        pairs = zip(self._kinds[one], self._kinds[other], strict=True)
        return sum(1 << place for place, (a, b) in enumerate(pairs) if a != b)
