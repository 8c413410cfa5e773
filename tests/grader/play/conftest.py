"""One browser for all the tests of the page."""

import sys
from pathlib import Path

import pytest

from grader import play

sys.path.append(str(Path(__file__).parent))  # chromium.py, and boxes.py

from chromium import Chromium


@pytest.fixture(scope="session")
def browser(tmp_path_factory):
    """It is a failure, not a skip, where there is none."""
    with Chromium(tmp_path_factory.mktemp("profile")) as opened:
        yield opened


@pytest.fixture(scope="session")
def page(tmp_path_factory):
    """The file as a user gets it."""
    return play.write(tmp_path_factory.mktemp("page"))
