"""The fewest cases that tell all pairs apart, by hand and against trying them all."""

from itertools import combinations

import numpy as np
import pytest

from grader.lint.separation import smallest_set


def by_trying(pairs, count):
    """The size of the smallest set of `count` cases."""
    for size in range(count + 1):
        for cases in combinations(range(count), size):
            if all(any(pair >> case & 1 for case in cases) for pair in pairs):
                return size
    raise AssertionError("a pair without a case")


def test_nothing_to_tell_apart():
    assert smallest_set([]) == ((), True)


def test_one_case_for_all():
    assert smallest_set([0b011, 0b010, 0b110]) == ((1,), True)


def test_the_greedy_choice_is_not_the_best():
    # case 2 tells four pairs apart, more than any other, and is needed for none
    pairs = [0b00101, 0b00110, 0b01101, 0b01110, 0b10001, 0b10010]
    places, is_proven = smallest_set(pairs)
    assert (places, is_proven) == ((0, 1), True)


@pytest.mark.parametrize("seed", range(12))
def test_as_small_as_by_trying(seed):
    rng = np.random.default_rng(seed)
    draws = (rng.choice(10, rng.integers(1, 4), replace=False).tolist() for _ in range(25))
    pairs = [sum(1 << case for case in cases) for cases in draws]
    places, is_proven = smallest_set(pairs)
    assert is_proven
    assert all(any(pair >> place & 1 for place in places) for pair in pairs)
    assert len(places) == by_trying(pairs, 10)


def test_a_search_that_is_given_up_says_so():
    pairs = [1 << a | 1 << b for a, b in combinations(range(9), 2)]
    places, is_proven = smallest_set(pairs, branches=1)
    assert not is_proven
    assert len(places) == 8  # a valid set all the same: any two of nine have one in it
