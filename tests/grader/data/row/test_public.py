"""The public check of the row."""

import numpy as np
import pytest

from grader.testing import expect


@pytest.mark.rubric("pool", points=1)
def test_two_bins(student):
    """Two bins of three cells."""
    expect(student.pool(np.array([[1.0, 5.0, 2.0, 3.0, 4.0, 6.0]]), 2), [[5.0, 6.0]])
