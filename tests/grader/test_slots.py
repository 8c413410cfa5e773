"""Two grading processes of one machine never use the same sandbox places."""

import pytest

from grader import slots
from grader.errors import SandboxError
from grader.slots import Claim


def test_claims_do_not_overlap():
    claims = [Claim(), Claim(), Claim(1)]
    firsts = [claim.first for claim in claims]
    for claim in claims:
        claim.release()
    assert len(set(firsts)) == 3
    assert all(first % slots.EACH == 0 for first in firsts)


def test_a_released_place_is_free_again():
    first = Claim()
    first.release()
    second = Claim()
    second.release()
    assert second.first == first.first


def test_a_machine_is_full(monkeypatch):
    monkeypatch.setattr(slots, "PLACES", 2)
    claims = []
    with pytest.raises(SandboxError, match="2 grading processes run on this machine already"):
        claims += [Claim() for _ in range(3)]
    for claim in claims:
        claim.release()
