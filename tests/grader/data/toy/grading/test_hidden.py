"""What the grade is made of."""

import numpy as np
import pytest

from grader.testing import expect


@pytest.mark.rubric("scale", points=2)
def test_random_numbers(student, rng):
    """Any numbers at any scale, SECRET-IDEA apart."""
    x, spatial_scale = rng.normal(size=(1, 1, 2, 3)), rng.uniform(2, 3)
    expect(student.scale(x, spatial_scale), x * spatial_scale)


@pytest.mark.rubric("scale", points=1)
def test_argument_stays(student, rng):
    """The argument is not changed."""
    student.scale(rng.normal(size=4), 2.0)
    assert not student.calls[-1].outcome.changed, "the argument x was changed in place"


@pytest.mark.rubric("span", points=3)
def test_random_span(student, rng):
    """Any start, any size."""
    start, size = (int(n) for n in rng.integers(1, 1000, 2))
    got = student.span(start, size)
    expect(got, (start, start + size), axes=("end",))
    assert np.diff(got) == size
