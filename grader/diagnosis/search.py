"""The smallest sets of ideas that give a student's answers."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

import numpy as np
from numpy.typing import NDArray

from grader.diagnosis.bank import Bank, Names
from grader.diagnosis.evidence import Evidence
from grader.diagnosis.tables import Tables

#: Mistakes come in bundles; larger ones than this are not looked for.
MOST_TOGETHER = 4
#: Sets from which larger ones are built: those that give most of the wrong numbers.
BEAM = 10
#: Wrong calls on which a set is judged for that.
JUDGED_ON = 3
#: Pairs that are judged so, of all.
PROMISING = 80
#: The share of their numbers that a pair must give before sets of three are looked at.
NEAR = 0.4


class Search:
    """Looks for the smallest sets that fit the evidence, which may grow between two looks.

    Single ideas and pairs are all tried. Larger sets are built from those that come nearest: each idea of a
    bundle brings some of the numbers, so the way up leads through sets that give more and more of them; where
    a larger set gives no more than a smaller one, there is no bundle.
    """

    def __init__(self, evidence: Evidence, tables: Tables) -> None:
        self._evidence, self._tables = evidence, tables
        self._size, self._found = 0, []
        self._sets: list[Names] = []  # of the current size, where it is above 2
        self._nearness = 0.0  # of the best set of the size before

    def fitting(self) -> list[Names]:
        """The sets that fit now, those first that give most of the answers."""
        evidence = self._evidence
        found = [names for names in self._found if evidence.fits(names)]
        most = MOST_TOGETHER if evidence.has_numbers else 1
        while not found and self._size < most:
            self._size += 1
            plausible = self._plausible()
            found = [names for names in plausible if evidence.fits(names) and evidence.agreeing(names)]
        self._found = found
        return sorted(self._with_reasons_for_errors(), key=lambda names: -len(evidence.agreeing(names)))

    def _plausible(self) -> Iterable[Names]:
        """The sets of the current size that may fit."""
        if self._size in self._tables.sets:
            fact = self._tables.cheapest(self._size, self._evidence.wrong)
            sets, table = self._tables.sets[self._size], self._tables.of(self._size, fact)
            return [sets[place] for place in np.flatnonzero(table.same(fact.answer))]
        if self._size == 3:
            self._sets, self._nearness = self._promising_pairs()
        shares = self._shares(self._sets)
        nearest = np.argsort(-shares, kind="stable")[:BEAM]
        best = shares[nearest[0]] if len(nearest) else 0.0
        is_nearer = best > self._nearness or best == 1.0
        self._nearness = best
        smaller = [self._sets[place] for place in nearest] if is_nearer else []
        self._sets = list(dict.fromkeys(self._extended(smaller)))
        return self._sets

    def _promising_pairs(self) -> tuple[list[Names], float]:
        """The pairs that give most on the first call, and whose ideas give most by themselves; and how much a
        single idea gives. All pairs on all calls would take seconds.
        """
        first, pairs = self._evidence.wrong[0], self._tables.sets[2]
        alone = self._shares(self._tables.sets[1])
        of = dict(zip(self._tables.ideas, alone, strict=True))
        promise = self._tables.of(2, first).share(first.answer)
        promise += [of[one] + of[other] for one, other in pairs]
        best = np.argsort(-promise, kind="stable")[:PROMISING]
        return [pairs[place] for place in best], max(NEAR, alone.max(initial=0.0))

    def _shares(self, sets: list[Names]) -> NDArray[np.float64]:
        """The share of the wrong numbers that each set gives."""
        judges, predicted = self._evidence.most_wrong(JUDGED_ON), self._evidence.predicted
        return np.mean([[f.answer.share(predicted(names, f)) for names in sets] for f in judges], axis=0)

    def _extended(self, sets: Iterable[Names]) -> Iterator[Names]:
        ideas, bank = self._tables.ideas, self._tables.bank
        return (larger for names in sets for larger in extensions(names, ideas, bank))

    def _with_reasons_for_errors(self) -> list[Names]:
        """Where calls raised and these sets do not: the same with an idea more that does, if there is one."""
        evidence, found = self._evidence, self._found
        everything = len(evidence.wrong)
        if not evidence.errors or any(len(evidence.agreeing(names)) == everything for names in found):
            return found
        larger = [
            names
            for names in self._extended(found[:BEAM])
            if evidence.fits(names) and len(evidence.agreeing(names)) == everything
        ]
        return larger or found


def extensions(names: Names, ideas: Sequence[str], bank: Bank) -> Iterator[Names]:
    """The set with one more idea."""
    for name in ideas:
        if name not in names:
            larger = bank.in_order((*names, name))
            if bank.can_combine(larger):
                yield larger
