"""What the grade is made of: few cases, of every kind."""

import pytest

import roikit
from grader.testing import expect


@pytest.mark.rubric("scale", points=1)
def test_any_scale(student, rng):
    """Any numbers at any scale."""
    x, spatial_scale = rng.normal(size=(1, 1, 2, 3)), rng.uniform(2, 3)
    expect(student.scale(x, spatial_scale), x * spatial_scale)


@pytest.mark.rubric("sample", points=3)
def test_between_cells(student, rng):
    """Any point between four cells."""
    features, (y, x) = rng.normal(size=(1, 5, 6)), rng.uniform(0.1, 3.9, (2, 2))
    expected = roikit.bilinear_interpolate(features, y, x)
    picture = roikit.explain.bilinear_interpolate(features, y, x)
    expect(student.sample(features, y, x), expected, axes=("channel", "point"), explanation=picture)
