"""The fixture ``student``: a test's way to a student's functions, wherever these run.

`Student` records the calls and turns a call without a value into `StudentFailure`. Behind it stands a box of
one method, ``call(function, args, kwargs, seed) -> CallOutcome``: in grading the sandbox, in a self-check
`LocalBox`, which runs the student's own code in the student's own process, with the same sentences.
"""

from __future__ import annotations

import copy
import random
import sys
import time
import types
from collections.abc import Mapping, Sequence
from contextlib import contextmanager
from typing import Any, Literal, Protocol

import numpy as np

from grader.alarm import TooLong, time_limit
from grader.records import CallOutcome, CallRecord, Source
from grader.sandbox import codec, loader
from grader.sandbox.limits import show_seconds
from grader.sandbox.text import clean, clean_line
from grader.testing import StudentFailure

#: How long a call may take in a self-check; grading has a limit of its own for each assignment.
SELF_CHECK_SECONDS = 10.0


class Box(Protocol):
    """Where a student's functions run.

    One with ``is_own_code`` runs them in this process, and their CUDA kernels on this machine as they are.
    """

    def call(self, function: str, args: tuple, kwargs: dict, seed: int = 0) -> CallOutcome: ...


class Student:
    """``student.roi_pool(features, rois, (2, 2))`` calls the student's function with copies of the arguments.

    Parameters
    ----------
    box : Box
        Where the functions run.
    seed : int, default 0
        Seeds ``random`` and ``numpy.random`` before each call, so that a run can be repeated.

    Attributes
    ----------
    calls : list of CallRecord
        The calls made so far, the last one last.
    """

    def __init__(self, box: Box, seed: int = 0) -> None:
        self._box = box
        self._seed = seed
        self.calls: list[CallRecord] = []

    def __getattr__(self, name: str) -> Any:
        if name.startswith("__"):  # pytest and copy ask for these
            raise AttributeError(name)

        def call(*args: Any, **kwargs: Any) -> Any:
            __tracebackhide__ = True
            outcome = self._box.call(name, args, kwargs, self._seed)
            self.calls.append(CallRecord(name, args, kwargs, outcome))
            if outcome.status != "returned":
                raise StudentFailure(outcome)
            return outcome.value

        return call


class LocalBox:
    """A student's source, loaded into this process: for one's own code only.

    The values that come back are held to the sandbox's rules, so that a self-check and the grading agree. A
    function that ran too long once is not called again.
    """

    is_own_code = True
    seconds: float | None = None  # that a call may take, if not those of a self-check

    def __init__(
        self,
        namespace: dict[str, Any],
        cells: tuple = (),
        failures: Sequence[loader.Failure] = (),
        ended: CallOutcome | None = None,
        files: Mapping[str, str] | None = None,
    ) -> None:
        """`files` are those of a running notebook's cells, and what the cells are called."""
        self.namespace = namespace
        self._cells = cells
        self._failures = failures
        self._ended = ended
        self._too_long: dict[str, CallOutcome] = {}
        self._files = files or {}
        self._labels = {label for label, _ in cells} | set(self._files)

    @classmethod
    def from_source(cls, source: Source) -> LocalBox:
        """Load `source`; what fails on the way is told when a function is missing for it.

        A source that ends the process (``sys.exit``) has no functions: every call has that for its outcome.
        """
        cells, modules = (
            tuple((cell.label, cell.text) for cell in part) for part in (source.cells, source.modules)
        )
        # registered as in the sandbox: dataclasses look their module up by its name
        module = sys.modules[loader.MODULE] = types.ModuleType(loader.MODULE)
        what = "importing the file"
        try:
            with time_limit(SELF_CHECK_SECONDS):
                failures = loader.load(cells, source.is_notebook, module.__dict__, modules)
        except SystemExit as error:
            return cls(module.__dict__, cells, ended=_exited(what, error, "import"))
        except TooLong:
            return cls(module.__dict__, cells, ended=_took_too_long(what, "import", SELF_CHECK_SECONDS))
        return cls(module.__dict__, cells, failures)

    def call(self, function: str, args: tuple, kwargs: dict, seed: int = 0) -> CallOutcome:
        """Call with copies of the arguments; an exception becomes an outcome, Ctrl-C stays one."""
        over = self._ended or self._too_long.get(function)
        if over is not None:
            return over
        if function not in self.namespace:
            sentence = loader.missing_sentence(function, self._failures, self._cells)
            if not self._cells:  # a running notebook
                sentence += "; run the cell that defines it"
            return CallOutcome("error", clean_line(sentence), phase="lookup")
        given = copy.deepcopy(args)
        limit = self.seconds or SELF_CHECK_SECONDS
        start = time.perf_counter()
        try:
            with _seeded(seed), time_limit(limit):
                value = self.namespace[function](*given, **copy.deepcopy(kwargs))
        except Exception as error:
            return self._raised(function, error, time.perf_counter() - start)
        except SystemExit as error:
            return _exited(function, error, "call")
        except TooLong:
            return self._too_long.setdefault(function, _took_too_long(function, "call", limit))
        changed = tuple(i for i, (now, was) in enumerate(zip(given, args, strict=True)) if _differs(now, was))
        seconds = time.perf_counter() - start
        try:
            value = codec.decode(codec.encode(value))
        except codec.Refused as what:
            sentence = loader.unreturnable_sentence(function, what)
            return CallOutcome("error", clean_line(sentence), phase="return", changed=changed)
        return CallOutcome("returned", value=value, changed=changed, seconds=seconds)

    def _raised(self, function: str, error: Exception, seconds: float) -> CallOutcome:
        sentence = self._told(loader.error_sentence(function, error, self._labels, self._failures))
        is_told = self._labels and not loader.is_unwritten(error, self._labels)  # of a stub it says nothing
        traceback = self._told(loader.own_traceback(error, self._labels)) if is_told else ""
        return CallOutcome("error", clean_line(sentence), traceback=clean(traceback, 4000), seconds=seconds)

    def _told(self, text: str) -> str:
        """With the cells by their names."""
        for file, cell in self._files.items():
            text = text.replace(file, cell)
        return text


def _exited(what: str, error: SystemExit, phase: Literal["import", "call"]) -> CallOutcome:
    return CallOutcome("crashed", clean_line(loader.ended_sentence(what, error)), phase=phase)


def _took_too_long(what: str, phase: Literal["import", "call"], seconds: float) -> CallOutcome:
    return CallOutcome("timeout", f"{what} took more than {show_seconds(seconds)}", phase=phase)


def _differs(now: Any, was: Any) -> bool:
    return isinstance(was, np.ndarray) and not np.array_equal(now, was, equal_nan=was.dtype.kind in "fc")


@contextmanager
def _seeded(seed: int):
    """The two global generators seeded for a call, and afterwards as before."""
    states = random.getstate(), np.random.get_state()
    random.seed(seed)
    np.random.seed(seed % 2**32)
    try:
        yield
    finally:
        random.setstate(states[0])
        np.random.set_state(states[1])
