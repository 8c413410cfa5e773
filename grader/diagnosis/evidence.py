"""What is known of one function of a submission: its calls, the student's answers, and the right ones."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from itertools import combinations

import numpy as np

from grader.diagnosis.answers import Answer, answer, digest
from grader.diagnosis.bank import Bank, Call

#: Asks the student; None where there is no answer, or nothing may be asked any more.
Ask = Callable[[Call], Answer | None]
#: Right answers of a function that sometimes raises, before the reason is looked for.
ENOUGH_RIGHT = 3
#: Kept answers of candidates; a class makes the same calls again and again.
MAX_KEPT = 100_000


@dataclass(frozen=True, eq=False)
class Fact:
    """One call and the student's answer to it."""

    call: Call
    key: str
    answer: Answer
    case: str = ""  # empty: an input of our own
    is_hidden: bool = True


@dataclass(eq=False)
class Evidence:
    """All facts of one function, the wrong ones apart."""

    function: str
    predictions: Predictions
    wrong: list[Fact] = field(default_factory=list)
    right: list[Fact] = field(default_factory=list)

    def add(self, fact: Fact) -> None:
        if not fact.answer.same(self.predicted((), fact)):
            self.wrong.append(fact)
        elif fact.answer.numbers is None or fact.answer.numbers.size:  # a right nothing tells nothing
            self.right.append(fact)

    @property
    def has_numbers(self) -> bool:
        """Whether it gave wrong numbers; an exception, or no numbers at all, says itself what is wrong."""
        return any(fact.answer.numbers is not None for fact in self.wrong)

    @property
    def is_wrong(self) -> bool:
        """Whether there is something to explain: wrong numbers, or an exception now and then."""
        return self.has_numbers or bool(self.errors and len(self.right) >= ENOUGH_RIGHT)

    @property
    def is_always_the_same(self) -> bool:
        """Whether all numbers are one, or all answers of one shape the same, where the right ones are not."""
        facts = [fact for fact in (*self.wrong, *self.right) if fact.answer.numbers is not None]
        given = [fact.answer for fact in facts]
        return _is_same(given) and not _is_same([self.predicted((), fact) for fact in facts])

    @property
    def errors(self) -> int:
        return sum(fact.answer.is_error for fact in self.wrong)

    def fits(self, names: tuple[str, ...]) -> bool:
        """Whether these ideas give every answer; an exception may have a reason of its own."""
        is_free = self.has_numbers  # else the exceptions are all there is to explain
        wrong = (fact for fact in self.wrong if not (is_free and fact.answer.is_error))
        return all(fact.answer.same(self.predicted(names, fact)) for fact in (*wrong, *self.right))

    def predicted(self, names: tuple[str, ...], fact: Fact) -> Answer:
        return self.predictions.of(names, fact.call, fact.key)

    def agreeing(self, names: tuple[str, ...]) -> list[Fact]:
        """The wrong answers that these ideas give."""
        return [fact for fact in self.wrong if fact.answer.same(self.predicted(names, fact))]

    def most_wrong(self, count: int) -> list[Fact]:
        """The wrong answers with most wrong numbers."""

        def wrong_numbers(fact: Fact) -> float:
            return fact.answer.numbers.size * (1 - fact.answer.share(self.predicted((), fact)))

        facts = [fact for fact in self.wrong if fact.answer.numbers is not None]
        return sorted(facts, key=wrong_numbers, reverse=True)[:count]

    def sort(self) -> None:
        """The cheapest calls first: most candidates fall at the first one."""
        self.wrong.sort(key=lambda fact: (fact.answer.is_error, _size(fact.call)))


class Predictions:
    """What candidates answer, kept: the calls of a run are the same for all its submissions."""

    def __init__(self, bank: Bank) -> None:
        self.bank = bank
        self._kept: dict[tuple[tuple[str, ...], str], Answer] = {}

    def of(self, names: tuple[str, ...], call: Call, key: str) -> Answer:
        found = self._kept.get((names, key))
        if found is None:
            if len(self._kept) >= MAX_KEPT:
                self._kept.clear()
            found = self._kept[names, key] = self.made(names, call)
        return found

    def made(self, names: tuple[str, ...], call: Call) -> Answer:
        """The same, made anew."""
        return answer(self.bank.candidate(*names).call(call.function, call.args, call.kwargs))


def _is_same(answers: list[Answer]) -> bool:
    numbers = [found.numbers.ravel() for found in answers if found.numbers is not None]
    if numbers and len(set(np.concatenate(numbers).tolist())) == 1:
        return True
    pairs = [(a, b) for a, b in combinations(answers, 2) if a.has_shape(b)]
    return bool(pairs) and all(a.same(b) for a, b in pairs)


def key_of(call: Call) -> str:
    return digest(call.function, call.args, call.kwargs)


def _size(call: Call) -> int:
    return sum(getattr(value, "size", 1) for value in _values(call))


def _values(call: Call) -> Iterator:
    yield from call.args
    yield from call.kwargs.values()
