"""Rules for the whole suite."""

import os

import pytest

# its little assignment has tests for submissions: kills.py hands them to the grader (`make soak`)
collect_ignore = ["soak"]


@pytest.hookimpl(hookwrapper=True)
def pytest_runtest_makereport(item, call):
    """In CI a skipped wall is a failure: only tests marked ``gpu`` may skip (``ROIKIT_NO_SKIPS=1``)."""
    report = (yield).get_result()
    strict = os.environ.get("ROIKIT_NO_SKIPS") == "1" and item.get_closest_marker("gpu") is None
    if strict and report.skipped:
        report.outcome = "failed"
        report.longrepr = f"skipped where skipping is a failure: {report.longrepr}"
