"""What the kernels' tests share."""

import sys
from pathlib import Path

import hypothesis
import pytest

import roikit

sys.path.append(str(Path(__file__).parent))  # the hostile calls, which are programs' too

# The same examples in every run: a test that fails on one machine fails on all.
hypothesis.settings.register_profile("roikit", derandomize=True, database=None, deadline=None)
hypothesis.settings.load_profile("roikit")


@pytest.fixture(params=["reference", "cpu"])
def backend(request):
    """Runs the test once on each backend."""
    with roikit.use_backend(request.param):
        yield request.param
