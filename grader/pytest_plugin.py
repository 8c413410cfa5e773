"""What makes an assignment's tests run under pytest: the marker, the fixtures, the option ``--submission``.

pytest loads this module in every environment where roikit is installed, so it imports nothing heavy and does
nothing until a test asks for ``student`` or ``rng``. In grading, ``grader.cases`` puts the student's box and
the run's seed into the session; otherwise the file of ``--submission`` is loaded into this process.
"""

from __future__ import annotations

import os
import zlib
from pathlib import Path

import pytest

#: Where the student's functions run, for the case that is running now: a ``grader.student.Box``.
BOX = pytest.StashKey()
#: The run's secret seed.
SEED = pytest.StashKey()
_LOADED = pytest.StashKey()


def pytest_addoption(parser: pytest.Parser) -> None:
    group = parser.getgroup("roikit")
    group.addoption("--submission", metavar="FILE", help="the notebook or module that `student` calls")
    group.addoption("--roikit-seed", type=int, default=0, metavar="N", help="the seed of the fixture `rng`")


def pytest_configure(config: pytest.Config) -> None:
    config.addinivalue_line(
        "markers", "rubric(id, points=N): the rubric item that this case belongs to, and what it is worth"
    )


@pytest.fixture
def student(request: pytest.FixtureRequest):
    """The student's functions: ``student.roi_pool(...)``; the calls are recorded in ``student.calls``."""
    from grader.student import Student

    stash = request.config.stash
    box = stash[BOX] if BOX in stash else _local_box(request)
    return Student(box, seed=zlib.crc32(request.node.name.encode()))


@pytest.fixture
def rng(request: pytest.FixtureRequest):
    """A generator from the run's secret seed and the case's name: the same for every student of a run."""
    import numpy as np

    seed = request.config.stash.get(SEED, request.config.getoption("--roikit-seed"))
    return np.random.default_rng([seed, zlib.crc32(request.node.name.encode())])


# ------------------------------------------------------------------ plain pytest, in a student's folder
def _local_box(request: pytest.FixtureRequest):
    """The submission, loaded once a session."""
    from grader.errors import SubmissionError
    from grader.intake import extract
    from grader.student import LocalBox

    path = _submission_path(request)
    loaded = request.config.stash.setdefault(_LOADED, {})
    if path not in loaded:
        try:
            loaded[path] = LocalBox.from_source(extract.source(path.name, path.read_bytes()))
        except (OSError, SubmissionError) as problem:
            raise pytest.UsageError(f"{path.name} cannot be read: {problem}") from None
    return loaded[path]


def _submission_path(request: pytest.FixtureRequest) -> Path:
    """The file of ``--submission``, or the only notebook (else module) beside the test."""
    chosen = request.config.getoption("--submission")
    if chosen:
        return Path(os.path.expanduser(chosen))
    folder = request.path.parent
    modules = [p for p in folder.glob("*.py") if not p.name.startswith(("test_", "conftest", "."))]
    for found in (sorted(folder.glob("[!.]*.ipynb")), sorted(modules)):
        if len(found) == 1:
            return found[0]
        if found:
            names = ", ".join(path.name for path in found)
            raise pytest.UsageError(f"which of {names} is the submission? Say it with --submission FILE")
    raise pytest.UsageError("no notebook and no module beside the tests; name one with --submission FILE")
