"""The answers of all single ideas and all pairs to one call: a student's is compared with all at once."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from functools import cache
from itertools import combinations

import numpy as np
from numpy.typing import NDArray

from grader.diagnosis.answers import Answer
from grader.diagnosis.bank import Bank, Call, Names
from grader.diagnosis.evidence import Fact, Predictions

#: Kept tables of a function; one of all pairs takes a megabyte.
MAX_KEPT = 100


class Table:
    """Many answers to one call."""

    def __init__(self, answers: Sequence[Answer]) -> None:
        self._length = len(answers)
        groups: dict[tuple, list[int]] = defaultdict(list)
        for place, found in enumerate(answers):
            groups[found.form].append(place)
        self._groups = []
        for places in groups.values():
            first = answers[places[0]]
            rows = None if first.numbers is None else np.stack([answers[i].numbers for i in places])
            self._groups.append((first, np.array(places), rows))

    def same(self, given: Answer) -> NDArray[np.bool_]:
        """Which of the answers are the given one."""
        found = np.zeros(self._length, bool)
        for first, places, rows in self._groups:
            if given.is_comparable(first):
                found[places] = True if rows is None else self._close(given, first, rows).all(axis=1)
        return found

    def share(self, given: Answer) -> NDArray[np.float64]:
        """Of each answer the share of numbers that are the given ones; 0 where the shapes already differ."""
        found = np.zeros(self._length)
        for first, places, rows in self._groups:
            if rows is not None and rows[0].size and given.has_shape(first):
                found[places] = self._close(given, first, rows).mean(axis=1)
        return found

    @staticmethod
    def _close(given: Answer, first: Answer, rows: NDArray[np.float64]) -> NDArray[np.bool_]:
        return given.close(Answer(rows, dtype=first.dtype)).reshape(len(rows), -1)


class Tables:
    """The single ideas and the pairs that may be behind one function's outputs, with their answers.

    Attributes
    ----------
    pool : mapping of keys to Call
        Further inputs of the function.
    ideas : list of str
        Those that show in its outputs on some of them, in the bank's order.
    sets : mapping of 1 and 2 to lists of names of ideas
    """

    def __init__(self, pool: Mapping[str, Call], predictions: Predictions) -> None:
        self.pool, self.predictions = pool, predictions
        bank = predictions.bank
        names = [idea.name for idea in bank.ideas]
        self.ideas = ideas = [name for name in names if any(self.differ((name,), (), key) for key in pool)]
        self.sets: dict[int, list[Names]] = {
            1: [(name,) for name in ideas],
            2: [pair for pair in combinations(ideas, 2) if bank.can_combine(pair)],
        }
        self._kept: dict[tuple[int, str], Table] = {}
        self._showing: dict[str, NDArray[np.bool_]] = {}
        self._apart = cache(self._inputs_apart)

    @property
    def bank(self) -> Bank:
        return self.predictions.bank

    def likely_apart(self, these: Names, those: Names) -> frozenset[str]:
        """The further inputs on which two sets should differ, from what their ideas do one by one."""
        here, there = set(these) - set(those), set(those) - set(these)
        if len(here) == len(there) == 1:
            return self._apart(here.pop(), there.pop())
        return frozenset().union(*(self._apart(name, "") for name in here | there))

    def _inputs_apart(self, one: str, other: str) -> frozenset[str]:
        """Where two ideas differ; the empty name is the right solution."""
        sets = [(name,) if name else () for name in (one, other)]
        return frozenset(key for key in self.pool if self.differ(*sets, key))

    def differ(self, these: Names, those: Names, key: str) -> bool:
        """Whether two sets differ on a further input."""
        of, call = self.predictions.of, self.pool[key]
        return not of(these, call, key).same(of(those, call, key))

    def unseen(self, facts: Sequence[Fact]) -> list[str]:
        """The ideas that show in none of these calls: what else may be wrong, for all that is known."""
        shown = np.zeros(len(self.ideas), bool)
        for fact in facts:
            shown |= self._shown(fact)
        return [name for name, is_shown in zip(self.ideas, shown, strict=True) if not is_shown]

    def _shown(self, fact: Fact) -> NDArray[np.bool_]:
        if fact.key not in self._showing:
            right = self.predictions.of((), fact.call, fact.key)
            self._showing[fact.key] = ~self.of(1, fact).same(right)
        return self._showing[fact.key]

    def cheapest(self, size: int, facts: Sequence[Fact]) -> Fact:
        """The first of the facts, or one to which the answers of all sets are there already."""
        alike = [fact for fact in facts if fact.answer.is_error == facts[0].answer.is_error]
        return next((fact for fact in alike if (size, fact.key) in self._kept), facts[0])

    def of(self, size: int, fact: Fact) -> Table:
        """The answers of all sets of a size to the call of `fact`."""
        if (size, fact.key) not in self._kept:
            if len(self._kept) >= MAX_KEPT:
                self._kept.clear()
            answers = [self.predictions.made(names, fact.call) for names in self.sets[size]]
            self._kept[size, fact.key] = Table(answers)
        return self._kept[size, fact.key]
