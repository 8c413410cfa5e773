"""What hand-ins that want points meet: a full sandbox, and secrets that lie open."""

import runpy
import sys
from pathlib import Path

import pytest

from grader.errors import SandboxError
from grader.sandbox import choose_rung

sys.path.append(str(Path(__file__).parent))  # course_attacks.py


@pytest.fixture(scope="module")
def rung():
    """A full sandbox: these are not for less."""
    try:
        return choose_rung("auto")
    except SandboxError as error:
        pytest.skip(f"sandbox wall: {error}")


@pytest.fixture(scope="module")
def canaries():
    """Secrets that lie open: in files, in the environment, in memory."""
    harness = Path(__file__).parents[1] / "sandbox" / "harness"
    with runpy.run_path(str(harness / "canaries.py"))["Canaries"]() as canaries:
        yield canaries
