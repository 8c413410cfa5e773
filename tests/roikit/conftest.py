"""What the kernels' tests share."""

import hypothesis
import pytest

import roikit

# The same examples in every run: a test that fails on one machine fails on all.
hypothesis.settings.register_profile("roikit", derandomize=True, database=None, deadline=None)
hypothesis.settings.load_profile("roikit")


@pytest.fixture(params=["reference", "cpu"])
def backend(request):
    """Runs the test once on each backend."""
    with roikit.use_backend(request.param):
        yield request.param
