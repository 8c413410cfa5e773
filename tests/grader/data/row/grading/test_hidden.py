"""The hidden checks of the row."""

import pytest

from grader.testing import expect


@pytest.mark.rubric("edges", points=1)
def test_edges(student, rng):
    """No cell is left out, none is in two bins."""
    length = 3 * int(rng.integers(2, 5)) + 2
    expect(student.edges(length, 3), [(p * length // 3, (p + 1) * length // 3) for p in range(3)])


@pytest.mark.rubric("pool", points=2)
def test_rows(student, rng):
    """Each row has its own maxima."""
    rows = rng.permutation(24).reshape(3, 8) + 0.5
    expect(student.pool(rows, 3), [[row[:2].max(), row[2:5].max(), row[5:].max()] for row in rows])


@pytest.mark.rubric("pool", points=1)
def test_below_zero(student, rng):
    """A maximum may be negative."""
    rows = -1.5 - rng.permutation(12).reshape(2, 6)
    expect(student.pool(rows, 2), [[row[:3].max(), row[3:].max()] for row in rows])
