"""Students who gave the same wrong outputs, number for number, on hidden random inputs. Pure.

For the instructor alone: a sign that code was shared, and no proof.
"""

from __future__ import annotations

from collections import Counter
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
    given = [
        {one for one in submission.diagnosis.signatures if one.explained is explained}
        for submission in result.submissions
    ]
    shared = {one for one, count in Counter(one for each in given for one in each).items() if count > 1}
    held = [frozenset(each & shared) for each in given]
    found = [_group(result, common, held) for common in _common(held)]
    return tuple(sorted(found, key=lambda one: (-len(one.functions), -one.calls, one.places)))


def _common(held: list[frozenset[Signature]]) -> set[frozenset[Signature]]:
    """Every set of signatures that is all that some students have in common."""
    common: set[frozenset[Signature]] = set()
    for each in filter(None, held):
        common |= {each & other for other in common} | {each}
    return {each for each in common if each and sum(each <= other for other in held) > 1}


def _group(result: ClassResult, common: frozenset[Signature], held: list[frozenset[Signature]]) -> Group:
    asked = [*result.assignment.functions, *sorted(one.function for one in common)]
    return Group(
        places=tuple(place for place, each in enumerate(held) if common <= each),
        functions=tuple(sorted((one.function for one in common), key=asked.index)),
        calls=sum(one.calls for one in common),
    )
