"""From the calls of a run to an explanation: further inputs are asked until no rival is left to refute."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from grader.diagnosis.bank import Names
from grader.diagnosis.evidence import Ask, Evidence, Fact
from grader.diagnosis.search import Search, extensions
from grader.diagnosis.tables import Tables

#: Further inputs for one function.
MAX_PROBES = 4
#: Wrong answers that an explanation should have given before it is believed.
ENOUGH = 3
#: Below this nothing is said.
LEAST_CONFIDENCE = 0.5
#: Rivals that are held against each other on further inputs.
MAX_RIVALS = 24

#: Inputs that look telling, which are looked at closely.
TRIES = 4


@dataclass(frozen=True)
class Explanation:
    """A set of ideas that gives a function's wrong outputs."""

    names: Names
    facts: tuple[Fact, ...]  # the wrong answers that it gives
    against: int  # those that it does not give: exceptions
    confidence: float


def explain(evidence: Evidence, tables: Tables, known: Sequence[str], ask: Ask) -> Explanation | None:
    """The smallest set of ideas behind a function's wrong outputs, or None.

    Parameters
    ----------
    evidence : Evidence
        Grows by the answers to further inputs.
    tables : Tables
        Of the ideas that this function's outputs depend on, with the further inputs to choose from.
    known : sequence of str
        Ideas that other functions of the submission have shown: of two explanations, theirs is the likelier.
    ask : function (Call) -> Answer or None
    """
    evidence.sort()
    search = Search(evidence, tables)
    left = set(tables.pool)
    for asked in range(MAX_PROBES + 1):
        found = search.fitting()
        if not found:
            return None
        found.sort(key=lambda names: sum(name not in known for name in names))  # stable
        leader, rivals = found[0], found[1:]
        larger = extensions(leader, tables.unseen([*evidence.wrong, *evidence.right]), tables.bank)
        key = _refuting(tables, leader, [*rivals, *larger][:MAX_RIVALS], left)
        if key is None and len(evidence.agreeing(leader)) < ENOUGH:
            key = _showing(tables, leader, left)
        if key is None or asked == MAX_PROBES:
            break
        left.remove(key)
        given = ask(tables.pool[key])
        if given is None:
            break
        evidence.add(Fact(tables.pool[key], key, given))
    standing = sum(_refuting(tables, leader, [rival], left) is not None for rival in rivals)
    return _judged(evidence, leader, standing)


def _refuting(tables: Tables, leader: Names, rivals: list[Names], left: set[str]) -> str | None:
    """The input that refutes most rivals, or none."""
    promise = Counter(key for rival in rivals for key in tables.likely_apart(leader, rival) & left)
    best, most = None, 0
    for key in sorted(promise, key=lambda key: (-promise[key], key))[:TRIES]:
        refuted = sum(tables.differ(leader, rival, key) for rival in rivals)
        if refuted > most:
            best, most = key, refuted
    return best


def _showing(tables: Tables, leader: Names, left: set[str]) -> str | None:
    """An input on which the leader is wrong."""
    return next((key for key in sorted(left) if tables.differ(leader, (), key)), None)


def _judged(evidence: Evidence, leader: Names, standing: int) -> Explanation | None:
    """Each wrong answer that is given halves the doubt; rivals as simple, and still standing, share it."""
    facts = evidence.agreeing(leader)
    confidence = (1 - 0.5 ** len(facts)) / (1 + standing)
    against = len(evidence.wrong) - len(facts)
    return Explanation(leader, tuple(facts), against, confidence) if confidence >= LEAST_CONFIDENCE else None
