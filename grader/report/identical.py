"""Students who gave the same wrong outputs, number for number, on hidden random inputs. Pure.

For the instructor alone: a sign that code was shared, and no proof.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from grader.records import ClassResult, Signature

#: How to read it, wherever it is shown.
HOW_TO_READ = (
    "Nobody has seen these inputs, and right results are not compared. Wrong numbers that agree in every "
    "place come from the same code, or from exactly the same thought: a sign, not a proof. Two students who "
    "agree in several functions point to shared code; a large group points to a thought that many had. Look "
    "at the code of both, and talk to them, before you conclude anything."
)
#: What is said of the groups whose outputs are explained.
EXPLAINED = (
    "Whoever has the same known idea gives the same numbers: these say little about where the code is from."
)


@dataclass(frozen=True)
class Group:
    """Students who are wrong in the same way in each of some functions."""

    places: tuple[int, ...]  # of the submissions in the class, two or more
    functions: tuple[str, ...]
    calls: int  # wrong calls that agree, of all these functions together


def groups(result: ClassResult, *, explained: bool = False) -> tuple[Group, ...]:
    """Return every largest group of students with the same wrong outputs, the strongest sign first.

    Parameters
    ----------
    explained : bool, default False
        Groups of outputs that a known idea explains, in place of those that nothing explains.
    """
    held = [
        frozenset(one for one in submission.diagnosis.signatures if one.explained is explained)
        for submission in result.submissions
    ]
    found = [_group(result, common, places) for common, places in _common(held).items()]
    return tuple(sorted(found, key=lambda one: (-len(one.functions), -one.calls, one.places)))


def _common(held: list[frozenset[Signature]]) -> dict[frozenset[Signature], tuple[int, ...]]:
    """Every set of signatures that is all that some students have in common, and the places of those.

    Begins with those who share one signature, and goes on to those of them who share one more: no student is
    compared with those who share nothing with them.
    """
    common: dict[frozenset[Signature], tuple[int, ...]] = {}
    waiting = list(_holders(enumerate(held)).values())
    while waiting:
        places = waiting.pop()
        if len(places) < 2:
            continue
        shared = frozenset.intersection(*(held[place] for place in places))
        if shared not in common:
            common[shared] = tuple(places)
            waiting.extend(_holders((place, held[place] - shared) for place in places).values())
    return common


def _holders(held: Iterable[tuple[int, frozenset[Signature]]]) -> dict[Signature, list[int]]:
    """The places of those who have a signature, in order, by signature."""
    holders: dict[Signature, list[int]] = {}
    for place, signatures in held:
        for one in signatures:
            holders.setdefault(one, []).append(place)
    return holders


def _group(result: ClassResult, common: frozenset[Signature], places: tuple[int, ...]) -> Group:
    asked = [*result.assignment.functions, *sorted(one.function for one in common)]
    return Group(
        places=places,
        functions=tuple(sorted((one.function for one in common), key=asked.index)),
        calls=sum(one.calls for one in common),
    )
