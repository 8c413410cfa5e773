"""``roikit simulate``: an invented class, as large as one likes, to try the grader with.

What student number k hands in follows from the assignment, the seed and k alone: the same bytes on every
machine, and a small class is the beginning of a large one. Generating is work on texts; what was generated
runs in the grader's sandbox and nowhere else.

The shares are an assumption, to be changed with ``--shares``. Of some eighty published programs for these
layers that were run about two thirds were wrong; students have checks in their notebook and repair what these
find, so here it is one in three of those that run. Every eighth is not finished or does not run, with stubs,
half-done ones and syntax errors as in the sample class. Hostile ones are more than in any real class, so that
a hundred students have some. A bank names first what was seen most, and so its ideas are drawn.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterator, Mapping
from pathlib import Path

from grader.errors import GraderError, meant
from grader.records import Assignment
from grader.simulate import broken, hostile, material, wrong
from grader.simulate.chance import Chance
from grader.simulate.kinds import SHARES, Expectation, Kind, Simulated
from grader.simulate.material import Material
from grader.simulate.program import handed_in

__all__ = ["SHARES", "Kind", "Simulated", "students", "write"]

#: How many hand in what another one has written, byte for byte.
COPIES = 0.04
MOST = 1_000_000

#: Names are made of these.
_BEGIN = ("al", "be", "ca", "du", "el", "fe", "go", "hi", "ja", "ko", "lu", "mi", "no", "or", "pe", "sa")
_MIDDLE = ("ba", "dri", "lo", "mar", "ne", "ri", "se", "ta", "vi", "zo")
_END = ("n", "nd", "ra", "ro", "s", "ska", "t", "ven", "x", "y")


def students(
    assignment: Assignment, count: int, seed: int, shares: Mapping[Kind, float] = SHARES
) -> Iterator[Simulated]:
    """The students of a class, one after the other; each is made when it is asked for.

    Parameters
    ----------
    assignment : Assignment
    count : int
        How many, from 1 to a million. (``roikit grade`` reads at most 100,000 from one folder.)
    seed : int
    shares : mapping of kinds to numbers, optional
        How often each kind is; what is not named does not occur.

    Raises
    ------
    GraderError
        If the count or the shares cannot be.
    """
    if not 1 <= count <= MOST:
        raise GraderError(f"a class has from 1 to {MOST:,} students, not {count:,}")
    checked = _checked(shares)
    made = material.read(assignment)
    return (_student(made, seed, number, checked) for number in range(count))


def write(folder: Path, assignment: Assignment, simulated: Iterator[Simulated]) -> Counter[tuple[str, str]]:
    """Write a class as ``folder/<student>/<assignment>/<file>``, and count it by kind and variety.

    Raises
    ------
    GraderError
        If there is something in the folder.
    """
    if folder.is_symlink() or (folder.exists() and not folder.is_dir()):
        raise GraderError(f"{folder} is no folder")
    if folder.is_dir() and any(folder.iterdir()):
        raise GraderError(f"{folder} is there already and not empty")
    counts: Counter[tuple[str, str]] = Counter()
    for one in simulated:
        place = folder / one.name / assignment.name
        place.mkdir(parents=True)
        for name, data in one.files:
            (place / name).write_bytes(data)
        counts[one.kind, one.variety] += 1
    return counts


def _checked(shares: Mapping[Kind, float]) -> dict[Kind, float]:
    """In one order, whatever order they are given in."""
    for kind, share in shares.items():
        if kind not in SHARES:
            raise GraderError(f"there is no kind {kind!r} of students; {meant(kind, SHARES)}")
        if not (math.isfinite(share) and share >= 0):
            raise GraderError(f"the share of {kind} must be 0 or more, not {share:g}")
    if not sum(shares.values()):
        raise GraderError("the shares are all 0")
    return {kind: shares[kind] for kind in SHARES if shares.get(kind)}


# ------------------------------------------------------------------ one student
def _student(made: Material, seed: int, number: int, shares: Mapping[Kind, float]) -> Simulated:
    chance = Chance("student", made.name, seed, number)
    name = f"s{number:06}-{chance.pick(_BEGIN)}{chance.pick(_MIDDLE)}{chance.pick(_END)}"
    author = chance.below(number) if number and chance.happens(COPIES) else number
    return _work(name, made, Chance("work", made.name, seed, author), shares)


def _work(name: str, made: Material, chance: Chance, shares: Mapping[Kind, float]) -> Simulated:
    """What somebody has written by themselves."""
    kind = chance.weighted(shares)
    if kind == "right":
        return Simulated(name, kind, "", "full", (handed_in(wrong.right(made, chance), made, chance),))
    if kind == "wrong":
        variety, program = wrong.program(made, chance)
        expected: Expectation = "any" if variety == wrong.UNCERTAIN else "less"
        return Simulated(name, kind, variety, expected, (handed_in(program, made, chance),))
    if kind == "broken":
        variety, file = broken.hand_in(made, chance)
        return Simulated(name, kind, variety, broken.EXPECTATIONS.get(variety, "less"), (file,))
    variety, file = hostile.hand_in(made, chance)
    return Simulated(name, kind, variety, "less", (file,))
