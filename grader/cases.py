"""Runs an assignment's pytest functions against one student after another, in this process.

One pytest session serves a whole class: the test files are collected once, and every submission runs the
collected cases again (pytest allows an item to be run repeatedly). The session is given no configuration, no
conftest, no other plugin and no terminal, so nothing on the machine can change what a case means.

    with_cases(assignment, seed, lambda run: [run(box) for box in boxes])
"""

from __future__ import annotations

import math
import os
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import pytest

from grader import feedback, pytest_plugin, score
from grader.errors import AssignmentError, SandboxError
from grader.records import Assignment, CaseResult, Outcome, Visibility

if TYPE_CHECKING:
    from grader.student import Box

T = TypeVar("T")
#: Runs every case against a box.
Run = Callable[["Box"], "tuple[CaseResult, ...]"]

#: Not needed by any case, and each costs time in every session.
_UNUSED = (
    "cacheprovider", "terminal", "capture", "doctest", "junitxml", "pastebin", "faulthandler", "logging",
    "unraisableexception", "threadexception", "stepwise", "setuponly", "setupplan", "debugging",
)
#: What a machine, or a pytest that this one runs inside of, may have set.
_SETTINGS = ("PYTEST_ADDOPTS", "PYTEST_PLUGINS", "PYTEST_DISABLE_PLUGIN_AUTOLOAD", "PYTEST_CURRENT_TEST")


@dataclass(frozen=True)
class Case:
    """One pytest function as it was collected."""

    name: str
    rubric: str
    points: float
    idea: str
    visibility: Visibility


def with_cases(
    assignment: Assignment,
    seed: int,
    body: Callable[[Run], T],
    *,
    visibility: Visibility | None = None,
    rubric: str | None = None,
) -> T:
    """Open a session of the assignment's cases, call `body` with the function that runs them, close it.

    Parameters
    ----------
    assignment : Assignment
    seed : int
        The run's seed: `rng` of a case is made of it and of the case's name.
    body : function (run) -> result
        May call ``run(box)`` any number of times; its result or exception is passed on.
    visibility, rubric : str, optional
        Only the public (or hidden) cases; only those of one rubric item.

    Raises
    ------
    AssignmentError
        If the test files cannot be collected or a marker is wrong; the sentence names the test.
    """
    wanted = (visibility,) if visibility else ("public", "hidden")
    files = {"public": assignment.public_tests, "hidden": assignment.hidden_tests}
    session = _Session(assignment.folder, {files[kind]: kind for kind in wanted}, seed, rubric, body)
    return session.open()


def collect(folder: Path, files: dict[Path, Visibility]) -> tuple[Case, ...]:
    """The cases of test files, in order, without running one."""
    session = _Session(folder, files, 0, None, lambda run: None)
    session.open()
    return tuple(case for _, case in session.items)


# ------------------------------------------------------------------ the session
class _Session:
    """The pytest plugin that collects, checks the markers and then hands the loop to `body`."""

    def __init__(self, folder, files, seed, rubric, body) -> None:
        self._folder = Path(folder).resolve()
        self._files = {Path(path).resolve(): kind for path, kind in files.items()}
        self._seed, self._rubric, self._body = seed, rubric, body
        self.items: list[tuple[pytest.Item, Case]] = []
        self._problem: BaseException | None = None
        self._result: Any = None
        self._raised: BaseException | None = None  # by the case that is running
        self._finished = False

    def open(self) -> Any:
        for path in self._files:
            if not path.is_file():
                raise AssignmentError(f"{path.name} is missing in the assignment {self._folder.name}")
        arguments = [
            *map(str, self._files), "-c", os.devnull, "--rootdir", self._folder.anchor,
            "--confcutdir", str(self._folder), "--noconftest", "--import-mode=importlib", "--assert=plain",
            "-W", "ignore", "--strict-markers",
        ]  # fmt: skip
        for name in _UNUSED:
            arguments += ["-p", f"no:{name}"]
        with _apart(self._folder):
            pytest.main(arguments, plugins=[pytest_plugin, self])
        if self._problem is not None:
            raise self._problem
        if not self._finished:
            raise AssignmentError(f"pytest did not run the tests of {self._folder.name}")
        return self._result

    def pytest_configure(self, config: pytest.Config) -> None:
        config.option.verbose = getattr(config.option, "verbose", 0)  # asked for even without a terminal

    # -------------------------------------------------------------- collecting
    def pytest_collectreport(self, report: pytest.CollectReport) -> None:
        if report.failed and self._problem is None:
            text = str(report.longrepr).strip().split("\n")
            reason = next((line[1:].strip() for line in reversed(text) if line.startswith("E ")), text[-1])
            self._problem = AssignmentError(f"{Path(report.nodeid).name} cannot be read: {reason}")

    def pytest_runtestloop(self, session: pytest.Session) -> bool:
        try:
            if self._problem is None:
                self.items = [(item, self._case(item)) for item in session.items]
                if self._rubric is not None:
                    self.items = [pair for pair in self.items if pair[1].rubric == self._rubric]
                session.config.stash[pytest_plugin.SEED] = self._seed
                self._result = self._body(self._run)
        except BaseException as problem:  # pytest would swallow it
            self._problem = problem
        self._finished = True
        return True

    def _case(self, item: pytest.Item) -> Case:
        where = f"{item.name} in {item.path.name}"
        markers = list(item.iter_markers("rubric"))
        if len(markers) != 1:
            raise AssignmentError(f"{where} needs one marker @pytest.mark.rubric(id, points=N)")
        args, options = markers[0].args, markers[0].kwargs
        if len(args) != 1 or not isinstance(args[0], str) or set(options) != {"points"}:
            raise AssignmentError(f"{where}: the marker is written @pytest.mark.rubric(id, points=N)")
        points = options["points"]
        if isinstance(points, bool) or not isinstance(points, (int, float)) or not 0 <= points < math.inf:
            raise AssignmentError(f"{where}: points must be a number from 0 up, got {points!r}")
        idea = " ".join((getattr(item.function, "__doc__", None) or "").strip().split("\n\n")[0].split())
        if not idea:
            raise AssignmentError(f"{where} needs a docstring: it is what students read")
        return Case(item.name, args[0], float(points), idea, self._files[item.path])

    # -------------------------------------------------------------- running
    def _run(self, box: Box) -> tuple[CaseResult, ...]:
        """Every case against one box; after the sandbox's own failure the others are not tried."""
        results: list[CaseResult] = []
        broken = ""
        for number, (item, case) in enumerate(self.items):
            if broken:
                results.append(_result(case, "internal_error", feedback.not_graded(broken)))
                continue
            following = self.items[number + 1][0] if number + 1 < len(self.items) else None
            start = time.perf_counter()
            raised = self._run_item(item, following, box)
            results.append(_judge(case, raised, time.perf_counter() - start))
            if isinstance(raised, SandboxError):
                broken = str(raised)
        return tuple(results)

    def _run_item(self, item: pytest.Item, following: pytest.Item | None, box: Box) -> Any:
        self._raised = None
        item.config.stash[pytest_plugin.BOX] = box
        item.ihook.pytest_runtest_protocol(item=item, nextitem=following)
        return self._raised

    @pytest.hookimpl(tryfirst=True)
    def pytest_runtest_makereport(self, item: pytest.Item, call: pytest.CallInfo) -> pytest.TestReport:
        """Keep the exception; a report with a rendered traceback is not needed and costs milliseconds."""
        if call.excinfo is not None and self._raised is None:
            self._raised = call.excinfo.value
        outcome = "passed" if call.excinfo is None else "failed"
        return pytest.TestReport(item.nodeid, item.location, {}, outcome, None, call.when)


# ------------------------------------------------------------------ what a case came to
def _judge(case: Case, raised: BaseException | None, seconds: float) -> CaseResult:
    """A case's outcome by the exception that ended it; one that is not known is the test's own fault."""
    from grader.testing import Mismatch, StudentFailure

    if raised is None:
        return _result(case, "correct", seconds=seconds)
    if isinstance(raised, Mismatch):
        sentence, picture = raised.sentence, ""
        try:
            picture = raised.picture()
        except Exception as problem:  # the verdict stands without its picture
            sentence += f" (no picture: {type(problem).__name__})"
        return _result(case, "wrong", sentence, picture, seconds=seconds)
    if isinstance(raised, StudentFailure):
        failed = raised.outcome
        if failed.status == "returned":
            return _result(case, "internal_error", feedback.not_graded("a value taken for a failure"))
        return _result(case, failed.status, failed.sentence, "", failed.traceback, seconds)
    if isinstance(raised, AssertionError):
        sentence = str(raised).strip().split("\n")[0] or feedback.not_so(case.idea)
        return _result(case, "wrong", sentence, seconds=seconds)
    reason = str(raised)
    if not isinstance(raised, SandboxError):
        reason = f"{type(raised).__name__} in the test: {reason}"
    return _result(case, "internal_error", feedback.not_graded(reason[:300]), seconds=seconds)


def _result(
    case: Case,
    outcome: Outcome,
    sentence: str = "",
    picture: str = "",
    traceback: str = "",
    seconds: float = 0.0,
) -> CaseResult:
    return CaseResult(
        case=case.name,
        rubric=case.rubric,
        idea=case.idea,
        visibility=case.visibility,
        outcome=outcome,
        score=score.of_case(outcome, case.points),
        max_score=case.points,
        sentence=sentence,
        picture=picture,
        traceback=traceback,
        seconds=seconds,
    )


@contextmanager
def _apart(folder: Path) -> Iterator[None]:
    """Keep the machine's pytest settings out of the session, and the session's modules out of the process."""
    hidden = {name: os.environ.pop(name, None) for name in _SETTINGS}
    os.environ["PYTEST_DISABLE_PLUGIN_AUTOLOAD"] = "1"
    before = set(sys.modules)
    no_bytecode, sys.dont_write_bytecode = sys.dont_write_bytecode, True
    try:
        yield
    finally:
        sys.dont_write_bytecode = no_bytecode
        for name, value in hidden.items():
            if value is None:
                os.environ.pop(name, None)
            else:
                os.environ[name] = value
        ours = ".".join(folder.parts[1:]) + "."  # pytest names a module, and its folders, by its path
        for name in set(sys.modules) - before:
            if ours.startswith(name + ".") or name.startswith(ours):
                del sys.modules[name]
