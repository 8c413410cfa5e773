"""Runs an assignment's pytest functions against one student after another, in this process.

One pytest session serves a whole class: the test files are collected once, and every submission runs the
collected cases again (pytest allows an item to be run repeatedly). The session is given no configuration, no
conftest, no other plugin and no terminal, so nothing on the machine can change what a case means.

    with_cases(assignment, seed, lambda run: [run(box) for box in boxes])
"""

from __future__ import annotations

import copy
import os
import re
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import numpy as np
import pytest

from grader import pytest_plugin
from grader.alarm import TooLong, many_limits, paused, time_limit
from grader.attempts import Attempt, line_of
from grader.case import Case, case_of
from grader.errors import AssignmentError, SandboxError
from grader.plain_case import PlainCase, plain_case
from grader.proofread import proofread
from grader.records import Assignment, CallOutcome, CallRecord, CaseResult, Visibility
from grader.sandbox.limits import Limits, show_seconds

if TYPE_CHECKING:
    from grader.student import Box

T = TypeVar("T")
#: Runs every case against a box.
Run = Callable[["Box"], "tuple[CaseResult, ...]"]
Attempts = Callable[["Box"], Iterator[Attempt]]

#: How long the test files may take to be read, with all that they import.
COLLECT_SECONDS = 60.0
#: Not needed by any case, and each costs time in every session.
_UNUSED = (
    "cacheprovider", "terminal", "capture", "doctest", "junitxml", "pastebin", "faulthandler", "logging",
    "unraisableexception", "threadexception", "stepwise", "setuponly", "setupplan", "debugging",
)
#: Arguments that nobody can change; and how deep lists are copied quickly: one may hold itself.
_UNCHANGING, _DEEP = frozenset({int, float, bool, str, type(None)}), 16
#: What a machine, or a pytest that this one runs inside of, may have set.
_SETTINGS = ("PYTEST_ADDOPTS", "PYTEST_PLUGINS", "PYTEST_DISABLE_PLUGIN_AUTOLOAD", "PYTEST_CURRENT_TEST")


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
        If the test files cannot be collected or a case is not what it must be; the sentence names the line.
    """

    def judged(attempts: Attempts) -> T:
        return body(lambda box: tuple(attempt.result() for attempt in attempts(box)))

    return with_attempts(assignment, seed, judged, visibility=visibility, rubric=rubric)


def with_attempts(
    assignment: Assignment,
    seed: int,
    body: Callable[[Attempts], T],
    *,
    visibility: Visibility | None = None,
    rubric: str | None = None,
) -> T:
    """As `with_cases`; `body` gets the attempts themselves, one after the other, as the cases end."""
    wanted = (visibility,) if visibility else ("public", "hidden")
    files = {"public": assignment.public_tests, "hidden": assignment.hidden_tests}
    limit = Limits.from_mapping(assignment.limits).case_seconds
    session = _Session(assignment.folder, {files[kind]: kind for kind in wanted}, seed, limit, rubric, body)
    return session.open()


def collect(folder: Path, files: dict[Path, Visibility]) -> tuple[Case, ...]:
    """The cases of test files, in order, without running one."""
    session = _Session(folder, files, 0, Limits().case_seconds, None, lambda attempts: None)
    session.open()
    return tuple(case for _, case in session.items)


# ------------------------------------------------------------------ the session
class _Session:
    """The pytest plugin that collects, checks the cases and then hands the loop to `body`."""

    def __init__(self, folder, files, seed, limit, rubric, body) -> None:
        self._folder = Path(folder).resolve()
        self._files = {Path(path).resolve(): kind for path, kind in files.items()}
        self._seed, self._limit, self._rubric, self._body = seed, limit, rubric, body
        self.items: list[tuple[pytest.Item, Case]] = []
        self._plain: dict[pytest.Item, PlainCase] = {}
        self._written: dict[str, str] = {}  # the tests in the files and their places
        self._problem: BaseException | None = None
        self._result: Any = None
        self._raised: BaseException | None = None  # by the case that is running
        self._finished = False

    def open(self) -> Any:
        for path in self._files:
            if not path.is_file():
                raise AssignmentError(f"{path.name} is missing in the assignment {self._folder.name}")
        self._written = proofread(self._files)
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
    @pytest.hookimpl(hookwrapper=True)
    def pytest_collection(self, session: pytest.Session) -> Iterator[None]:
        before = session.config.pluginmanager.get_plugins()
        with time_limit(COLLECT_SECONDS):
            yield
        if session.config.pluginmanager.get_plugins() == before:  # a test file may bring hooks
            found = {item: plain_case(item) for item in session.items}
            self._plain = {item: plain for item, plain in found.items() if plain is not None}

    @pytest.hookimpl(hookwrapper=True)
    def pytest_make_collect_report(self, collector: pytest.Collector) -> Iterator[None]:
        outcome = yield
        if outcome.excinfo is not None and issubclass(outcome.excinfo[0], SystemExit):
            self._refuse(collector.path, outcome.excinfo[1], "it ends the process")
            outcome.force_result(pytest.CollectReport(collector.nodeid, "passed", None, []))

    def pytest_exception_interact(self, node: pytest.Collector, call: pytest.CallInfo) -> None:
        if not isinstance(node, pytest.Item):
            raised = call.excinfo.value
            self._refuse(node.path, raised.__cause__ or raised)

    def pytest_collectreport(self, report: pytest.CollectReport) -> None:
        if report.outcome != "passed" and self._problem is None:  # skipped as a whole, for instance
            reason = str(report.longrepr[-1] if isinstance(report.longrepr, tuple) else report.longrepr)
            self._problem = AssignmentError(f"{Path(report.nodeid).name} cannot be read: {reason}")

    def _refuse(self, path: Path, raised: BaseException, what: str = "") -> None:
        """Remember why a test file cannot be collected: the first reason counts."""
        said = re.sub(r"^In \S*::", "In ", str(raised).strip().split("\n")[0])
        of_a_test = (place for name, place in self._written.items() if said.startswith(f"In {name}:"))
        line = line_of(raised, self._files) or next(of_a_test, path.name)
        if isinstance(raised, TooLong):
            what = f"reading the tests took more than {show_seconds(COLLECT_SECONDS)}"
        self._problem = self._problem or AssignmentError(
            f"{line}: " + (what or f"{type(raised).__name__}: {said}")
        )

    def pytest_internalerror(self, excinfo: pytest.ExceptionInfo[BaseException]) -> bool:
        self._refuse(self._folder, excinfo.value)
        return True

    def pytest_keyboard_interrupt(self, excinfo: pytest.ExceptionInfo[BaseException]) -> None:
        if isinstance(excinfo.value, KeyboardInterrupt):
            self._problem = excinfo.value
        else:  # pytest.exit
            self._refuse(self._folder, excinfo.value)

    def pytest_runtestloop(self, session: pytest.Session) -> bool:
        try:
            if self._problem is None:
                self.items = [(item, case_of(item, self._files[item.path])) for item in session.items]
                self._expect_all()
                if self._rubric is not None:
                    self.items = [pair for pair in self.items if pair[1].rubric == self._rubric]
                session.config.stash[pytest_plugin.SEED] = self._seed
                self._result = self._body(self._attempts)
        except BaseException as problem:  # pytest would swallow it
            self._problem = problem
        self._finished = True
        return True

    def _expect_all(self) -> None:
        """Whatever stands in the files as a test is one of the cases."""
        collected = {item.originalname for item, _ in self.items}
        for name, place in self._written.items():
            if name not in collected:
                raise AssignmentError(f"{place}: pytest does not run {name}; has its class an __init__?")

    # -------------------------------------------------------------- running
    def _attempts(self, box: Box) -> Iterator[Attempt]:
        """Every case against one box; after the sandbox's own failure the others are not tried."""
        with many_limits():
            yield from self._one_by_one(box)

    def _one_by_one(self, box: Box) -> Iterator[Attempt]:
        broken: SandboxError | None = None
        for number, (item, case) in enumerate(self.items):
            if broken is not None:
                yield Attempt(case, broken, "", 0.0, self._limit)
                continue
            following = self.items[number + 1][0] if number + 1 < len(self.items) else None
            start = time.perf_counter()
            recorded = _Recorded(box)
            raised = self._run_item(item, following, recorded)
            line = line_of(raised, self._files) if raised is not None else ""
            seconds = time.perf_counter() - start
            yield Attempt(case, raised, line, seconds, self._limit, tuple(recorded.calls))
            if isinstance(raised, SandboxError):
                broken = raised

    def _run_item(self, item: pytest.Item, following: pytest.Item | None, box: Box) -> BaseException | None:
        self._raised = None
        item.config.stash[pytest_plugin.BOX] = box
        try:
            with time_limit(self._limit):
                if item in self._plain:
                    self._raised = self._plain[item].run(following)
                else:
                    item.ihook.pytest_runtest_protocol(item=item, nextitem=following)
        except (TooLong, pytest.exit.Exception) as end:  # out of pytest's own steps
            self._raised = self._raised or end
            item.session._setupstate.teardown_exact(None)
        return self._raised

    @pytest.hookimpl(tryfirst=True)
    def pytest_runtest_makereport(self, item: pytest.Item, call: pytest.CallInfo) -> pytest.TestReport:
        """Keep the exception; a report with a rendered traceback is not needed and costs milliseconds."""
        if call.excinfo is not None and self._raised is None:
            self._raised = call.excinfo.value
        outcome = "passed" if call.excinfo is None else "failed"
        return pytest.TestReport(item.nodeid, item.location, {}, outcome, None, call.when)


# ------------------------------------------------------------------ around it
class _Recorded:
    """A box that remembers a case's calls; they have limits of their own, and are not the test's time."""

    def __init__(self, box: Box) -> None:
        self.box = box
        self.calls: list[CallRecord] = []

    def call(self, function: str, args: tuple, kwargs: dict, seed: int = 0) -> CallOutcome:
        with paused():
            outcome = self.box.call(function, args, kwargs, seed)
        # a test may go on to change its arrays
        self.calls.append(CallRecord(function, *_copied((args, kwargs)), outcome))
        return outcome


def _copied(value: Any, depth: int = 0) -> Any:
    """As ``copy.deepcopy``, in a fifth of its time: arguments are arrays, numbers, and lists of them."""
    kind = type(value)
    if kind in _UNCHANGING:
        return value
    if kind is np.ndarray and not value.dtype.hasobject:
        return value.copy(order="K")
    if depth < _DEEP and (kind is tuple or kind is list):
        return kind([_copied(entry, depth + 1) for entry in value])
    return copy.deepcopy(value)


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
