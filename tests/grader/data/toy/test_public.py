"""What a student may run: one worked example a function."""

import pytest

from grader.testing import expect


@pytest.mark.rubric("scale", points=1)
def test_twice(student):
    """[1, 2] at scale 2 is [2, 4]."""
    expect(student.scale([1, 2], 2), [2, 4])


@pytest.mark.rubric("span", points=0)
def test_three_cells(student):
    """Three cells from cell 2 are the cells 2 to 4."""
    expect(student.span(2, 3), (2, 5), axes=("end",))
