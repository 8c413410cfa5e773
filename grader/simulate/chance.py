"""Choices that come out the same on every machine and Python: all of them are made of ``random()`` alone."""

from __future__ import annotations

import random
from collections.abc import Mapping, Sequence
from typing import TypeVar

T = TypeVar("T")


class Chance:
    """The choices of one student.

    Parameters
    ----------
    *key : object
        What they depend on: the assignment's name, the seed, the student's number.
    """

    def __init__(self, *key: object) -> None:
        self._random = random.Random("/".join(map(str, key))).random

    def happens(self, share: float) -> bool:
        return self._random() < share

    def below(self, end: int) -> int:
        """A number from 0 to `end` - 1."""
        return int(self._random() * end)

    def pick(self, several: Sequence[T]) -> T:
        return several[self.below(len(several))]

    def early(self, several: Sequence[T], skew: float = 1.6) -> T:
        """One of `several` that are sorted, those that are seen most first."""
        return several[int(self._random() ** skew * len(several))]

    def some(self, several: Sequence[T], share: float) -> list[T]:
        """Each of them with this chance, in order."""
        return [one for one in several if self.happens(share)]

    def weighted(self, weights: Mapping[T, float]) -> T:
        """A key, as often as its weight says."""
        left = self._random() * sum(weights.values())
        for key, weight in weights.items():
            left -= weight
            if left < 0:
                return key
        return next(key for key in reversed(list(weights)) if weights[key])
