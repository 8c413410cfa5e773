"""The fewest cases that tell all ideas apart: for each pair there must be one case in the set that does.

A pair is written as the set of cases that tell it apart, as bits. The search takes the pair with the fewest
cases and tries each of these; a branch is left when even pairs without a case in common need too many more.
"""

from __future__ import annotations

from collections.abc import Iterable

#: Branches that are looked at before the best set so far has to do.
BRANCHES = 200_000


def smallest_set(pairs: Iterable[int], branches: int = BRANCHES) -> tuple[tuple[int, ...], bool]:
    """The fewest bits that have one in common with each of `pairs`, and whether that is proven.

    Parameters
    ----------
    pairs : iterable of int
        Bit c is set where case c tells the pair apart; none is 0.
    branches : int, optional
        How many to look at.

    >>> smallest_set([0b011, 0b110, 0b100])
    ((0, 2), True)
    """
    search = _Search(_needed(pairs), branches)
    return tuple(_bits(search.best)), search.left > 0


class _Search:
    def __init__(self, pairs: list[int], branches: int) -> None:
        self.left = branches
        self.best = _greedy(pairs)
        self._extend(0, pairs)

    def _extend(self, chosen: int, pairs: list[int]) -> None:
        """Look for a set smaller than the best that holds `chosen` and meets `pairs`."""
        if self.left <= 0:
            return
        self.left -= 1
        if not pairs:
            self.best = min(self.best, chosen, key=int.bit_count)
            return
        if chosen.bit_count() + _at_least(pairs) >= self.best.bit_count():
            return
        hardest = min(pairs, key=int.bit_count)
        while hardest:
            case = hardest & -hardest
            self._extend(chosen | case, [pair for pair in pairs if not pair & case])
            hardest ^= case
            pairs = _needed(pair & ~case for pair in pairs)  # from here on without it
            if 0 in pairs:
                return


def _needed(pairs: Iterable[int]) -> list[int]:
    """The pairs that are not met as soon as another one is."""
    kept: list[int] = []
    for pair in sorted(set(pairs), key=int.bit_count):
        if not any(one & pair == one for one in kept):
            kept.append(pair)
    return kept


def _at_least(pairs: list[int]) -> int:
    """Pairs without a case in common, one by one: each needs a case of its own."""
    taken = count = 0
    for pair in pairs:  # the fewest cases first
        if not pair & taken:
            taken |= pair
            count += 1
    return count


def _greedy(pairs: list[int]) -> int:
    chosen = 0
    while pairs:
        cases = range(max(pairs).bit_length())
        best = max(cases, key=lambda case: sum(pair >> case & 1 for pair in pairs))
        chosen |= 1 << best
        pairs = [pair for pair in pairs if not pair >> best & 1]
    return chosen


def _bits(number: int) -> list[int]:
    return [place for place in range(number.bit_length()) if number >> place & 1]
