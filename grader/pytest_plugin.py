"""What makes an assignment's tests run under pytest: the marker, the fixtures, the option ``--submission``.

pytest loads this module in every environment where roikit is installed, so it imports nothing heavy and does
nothing until a test asks for ``student`` or ``rng``. In grading, ``grader.cases`` puts the student's box and
the run's seed into the session; otherwise the file of ``--submission`` is loaded into this process.
"""

from __future__ import annotations

import os
import shlex
import sys
import zlib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

#: Where the student's functions run, for the case that is running now: a ``grader.student.Box``.
BOX = pytest.StashKey()
#: The run's secret seed.
SEED = pytest.StashKey()
_LOADED = pytest.StashKey()
#: ``(box, kernels)``: what compiles the CUDA kernels of the hand-in in this box.
_KERNELS = pytest.StashKey()
#: The folders and files of which something failed.
_FAILED = pytest.StashKey()


def pytest_addoption(parser: pytest.Parser) -> None:
    group = parser.getgroup("roikit")
    group.addoption("--submission", metavar="FILE", help="the notebook or module that `student` calls")
    group.addoption("--roikit-seed", type=int, default=0, metavar="N", help="the seed of the fixture `rng`")


def pytest_configure(config: pytest.Config) -> None:
    config.addinivalue_line(
        "markers", "rubric(id, points=N): the rubric item that this case belongs to, and what it is worth"
    )


def pytest_itemcollected(item: pytest.Item) -> None:
    """``-k`` finds a case by its rubric item too."""
    for marker in item.iter_markers("rubric"):
        item.extra_keyword_matches.update(map(str, marker.args))


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


@pytest.fixture
def student_kernel(request: pytest.FixtureRequest):
    """``student_kernel(source, "scale")``: a student's CUDA C, to be called like ``roikit.simt.RawKernel``.

    It runs on the CPU; in grading, compiler and kernel run behind the sandbox's walls.
    """
    from grader import kernels

    stash = request.config.stash
    box = getattr(stash.get(BOX, None), "box", None)
    known, made = stash.get(_KERNELS, (None, None))
    if made is None or known is not box:
        _close_kernels(request.config)
        made = kernels.of_own_code() if BOX not in stash else kernels.of(box)
        stash[_KERNELS] = (box, made)
    return made


def pytest_unconfigure(config: pytest.Config) -> None:
    _close_kernels(config)


def _close_kernels(config: pytest.Config) -> None:
    if _KERNELS in config.stash:
        config.stash[_KERNELS][1].close()
        del config.stash[_KERNELS]


# ------------------------------------------------------------------ plain pytest, in a student's folder
class _NoSubmission(pytest.UsageError):
    """There is nothing to run the tests against."""


class _Told:
    """A failure as a student reads it, in place of the test's source and a traceback through it."""

    def __init__(self, crash: Any, *parts: str) -> None:
        self.reprcrash = crash  # pytest's own record of file, line and message
        self._parts = [part for part in parts if part]

    def __str__(self) -> str:
        return "\n".join(self._parts)

    def toterminal(self, tw: Any) -> None:
        for part in self._parts:
            for line in part.split("\n"):
                tw.line(line, red=part is self.reprcrash.message)


@pytest.hookimpl(hookwrapper=True)
def pytest_runtest_makereport(item: pytest.Item, call: pytest.CallInfo) -> Iterator[None]:
    """Tell what a student needs of a failure; ``--tb=long`` has the rest."""
    outcome = yield
    is_ours = "grader.student" in sys.modules and BOX not in item.config.stash
    if call.excinfo is None or not is_ours or item.config.getoption("tbstyle") != "auto":
        return
    report = outcome.get_result()
    told = _told(item, call.excinfo.value)
    crash = getattr(report.longrepr, "reprcrash", None)
    if told and crash is not None:
        crash.message = told[0]
        report.longrepr = _Told(crash, *told)


def pytest_terminal_summary(terminalreporter: Any, config: pytest.Config) -> None:
    """The command that says more."""
    here = config.invocation_params.dir
    for places in sorted(config.stash.get(_FAILED, ())):
        words = (str(p.relative_to(here) if p.is_relative_to(here) else p) for p in places)
        terminalreporter.write_line(f"Why? {shlex.join(['roikit', 'check', *words])} --hint idea")


def _told(item: pytest.Item, raised: BaseException) -> list[str]:
    """The sentence, what was tried, where it went wrong, the student's own lines; or nothing of ours."""
    from grader import where
    from grader.student import Student
    from grader.testing import Mismatch, StudentFailure

    if isinstance(raised, _NoSubmission):
        return [str(raised)]
    student = getattr(item, "funcargs", {}).get("student")
    if not isinstance(student, Student) or not isinstance(raised, (Mismatch, StudentFailure)):
        return []
    folder = item.path.parent
    item.config.stash.setdefault(_FAILED, set()).add((folder, _submission_path(item.config, folder)))
    idea = " ".join((item.function.__doc__ or "").split("\n\n")[0].split())
    traceback = raised.outcome.traceback if isinstance(raised, StudentFailure) else ""
    return [str(raised), idea, traceback.rstrip(), str(where.of(raised, student.calls))]


def _local_box(request: pytest.FixtureRequest):
    """The submission, loaded once a session."""
    from grader.errors import SubmissionError
    from grader.intake.beside import own_source
    from grader.student import LocalBox

    path = _submission_path(request.config, request.path.parent)
    loaded = request.config.stash.setdefault(_LOADED, {})
    if path not in loaded:
        try:
            loaded[path] = LocalBox.from_source(own_source(path, path.read_bytes()))
        except (OSError, SubmissionError) as problem:
            raise _NoSubmission(f"{path.name} cannot be read: {problem}") from None
    return loaded[path]


def _submission_path(config: pytest.Config, folder: Path) -> Path:
    """The file of ``--submission``, or the only notebook (else module) beside the test."""
    chosen = config.getoption("--submission")
    if chosen:
        return Path(os.path.expanduser(chosen))
    modules = [p for p in folder.glob("*.py") if not p.name.startswith(("test_", "conftest", "."))]
    for found in (sorted(folder.glob("[!.]*.ipynb")), sorted(modules)):
        if len(found) == 1:
            return found[0]
        if found:
            names = ", ".join(path.name for path in found)
            raise _NoSubmission(f"which of {names} is the submission? Say it with --submission FILE")
    raise _NoSubmission("no notebook and no module beside the tests; name one with --submission FILE")
