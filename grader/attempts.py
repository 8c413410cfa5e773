"""How a case ended, and what that comes to: an exception in, an outcome out."""

from __future__ import annotations

from collections.abc import Container
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from grader import feedback, score
from grader.alarm import TooLong, time_limit
from grader.case import Case
from grader.errors import AssignmentError, SandboxError
from grader.records import CallRecord, CaseResult, Outcome
from grader.sandbox.limits import show_seconds
from grader.sandbox.text import clean
from grader.testing import Mismatch, StudentFailure

#: The few files that tracebacks go through, again and again.
_path = lru_cache(maxsize=500)(Path)
#: Of a test's own exception, as much as a sentence bears.
_LONGEST = 300
#: Characters and lines kept of what a case's calls printed.
_PRINTED, _PRINTED_LINES = 1000, 20


@dataclass(frozen=True)
class Attempt:
    """One case against one box: silent, or ended by what it raised."""

    case: Case
    raised: BaseException | None
    line: str  # "test_hidden.py:36": where in the test files it was raised; empty if outside of them
    seconds: float
    limit: float  # seconds that the test's own code may take
    calls: tuple[CallRecord, ...] = ()  # of the student's functions

    @property
    def place(self) -> str:
        """Where it ended, else where the case begins."""
        return self.line or self.case.place

    @property
    def fault(self) -> str:
        """What is wrong with the test itself, or with the sandbox, in one sentence; empty if nothing is."""
        raised = self.raised
        is_verdict = isinstance(raised, AssertionError) and self.line  # pytest has assertions of its own
        if raised is None or isinstance(raised, Mismatch) or is_verdict:
            return ""
        if isinstance(raised, StudentFailure):
            is_value = raised.outcome.status == "returned"
            return f"{self.place}: a value taken for a failure" if is_value else ""
        if isinstance(raised, SandboxError):
            return _first_line(raised)
        if isinstance(raised, TooLong):
            return f"{self.place}: the test itself took more than {show_seconds(self.limit)}"
        kind = "" if isinstance(raised, AssignmentError) else f"{type(raised).__name__} in the test: "
        return f"{self.place}: {kind}{_first_line(raised)}"

    def result(self) -> CaseResult:
        """The case's outcome; what is not known to be the student's doing is the test's own fault."""
        raised = self.raised
        if self.fault:
            return self._result("internal_error", feedback.not_graded(self.fault))
        if raised is None:
            return self._result("correct")
        if isinstance(raised, Mismatch):
            return self._mismatch(raised)
        if isinstance(raised, StudentFailure):
            failed = raised.outcome
            return self._result(failed.status, failed.sentence, traceback=failed.traceback)
        return self._result("wrong", _first_line(raised) or feedback.not_so(self.case.idea))

    def _mismatch(self, raised: Mismatch) -> CaseResult:
        sentence, picture = raised.sentence, ""
        try:
            with time_limit(self.limit):
                picture = raised.picture()
        except (Exception, TooLong) as problem:  # the verdict stands without its picture
            sentence += f" (no picture: {type(problem).__name__})"
        return self._result("wrong", sentence, picture)

    def _result(
        self, outcome: Outcome, sentence: str = "", picture: str = "", traceback: str = ""
    ) -> CaseResult:
        return CaseResult(
            case=self.case.name,
            rubric=self.case.rubric,
            idea=self.case.idea,
            visibility=self.case.visibility,
            outcome=outcome,
            score=score.of_case(outcome, self.case.points),
            max_score=self.case.points,
            sentence=sentence,
            picture=picture,
            traceback=traceback,
            printed="" if outcome == "correct" else self._printed(),
            seconds=self.seconds,
        )

    def _printed(self) -> str:
        """What the student's code printed; not of a hidden case, whose inputs it may have printed."""
        if self.case.visibility == "hidden":
            return ""
        prints = (text for call in self.calls for text in (call.outcome.stdout, call.outcome.stderr))
        lines = clean("".join(prints), _PRINTED).rstrip().split("\n")
        return "\n".join(lines if len(lines) <= _PRINTED_LINES else [*lines[: _PRINTED_LINES - 1], "…"])


def line_of(raised: BaseException, files: Container[Path]) -> str:
    """``"test_hidden.py:36"``: the innermost line of `files` that an exception came through, or nothing."""
    line, trace = "", raised.__traceback__
    while trace is not None:
        path = _path(trace.tb_frame.f_code.co_filename)
        if path in files:
            line = f"{path.name}:{trace.tb_lineno}"
        trace = trace.tb_next
    return line


def _first_line(raised: BaseException) -> str:
    return str(raised).strip().split("\n")[0][:_LONGEST]
