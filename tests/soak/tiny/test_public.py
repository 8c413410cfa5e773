"""What a student may run."""

import pytest

from grader.testing import expect


@pytest.mark.rubric("scale", points=1)
def test_twice(student):
    """[1, 2] at scale 2 is [2, 4]."""
    expect(student.scale([1, 2], 2), [2, 4])
