"""A student's own check: the public cases and the diagnosis, on their own code in their own process."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import TypeVar

from grader import cases, where
from grader.assignment import find, names
from grader.assignment_toml import AssignmentToml
from grader.attempts import Attempt
from grader.errors import AssignmentError, SubmissionError
from grader.examiner import Examiner, trimmed
from grader.intake.beside import own_source
from grader.records import Assignment, CaseResult, Diagnosis
from grader.student import Box, LocalBox
from grader.where import Where

T = TypeVar("T")
#: What ideas give is computed once in a notebook, for all the times that a check is run.
_EXAMINERS: dict[tuple, Examiner] = {}


class SelfCheck:
    """The public cases of an assignment, tried on one's own code.

    Attributes
    ----------
    cases : tuple of CaseResult
    where : dict of str to Where
        Of the cases that did not pass, by their names.
    """

    def __init__(self, assignment: Assignment, box: Box, rubric: str | None = None) -> None:
        self._assignment, self._box, self._rubric = assignment, box, rubric

        def body(attempts: cases.Attempts) -> list[tuple[CaseResult, Where, Attempt]]:
            return [_seen(attempt) for attempt in attempts(box)]

        seen = self._with_attempts(body)
        self.cases = tuple(result for result, _, _ in seen)
        self.where = {r.case: found for r, found, _ in seen if r.outcome not in ("correct", "internal_error")}
        self._tried = tuple(attempt for _, _, attempt in seen)

    def diagnosis(self, seconds: float | None = None) -> Diagnosis:
        """The idea behind wrong numbers; empty if it is not found in so many seconds."""
        if not self.where:
            return Diagnosis()
        key = (self._assignment.folder, self._rubric, _stamp(self._assignment.folder))
        if key not in _EXAMINERS:

            def body(attempts: cases.Attempts) -> tuple[Examiner, Diagnosis]:
                examiner = Examiner(self._assignment, attempts, seed=0)
                return examiner, examiner.diagnosis(self.cases, self._tried, self._box, seconds)

            _EXAMINERS[key], found = self._with_attempts(body)
            return found
        return _EXAMINERS[key].diagnosis(self.cases, self._tried, self._box, seconds)

    def _with_attempts(self, body: Callable[[cases.Attempts], T]) -> T:
        return cases.with_attempts(self._assignment, 0, body, visibility="public", rubric=self._rubric)


def of_folder(folder: Path, box: Box, rubric: str | None = None) -> SelfCheck:
    """Try the public cases of a folder, all or those of one rubric item, on what is in `box`."""
    tests = folder / "test_public.py"
    if not tests.is_file():
        raise AssignmentError(f"there is no test_public.py in {folder.name}; it comes with the notebook")
    return SelfCheck(_with_bank(tests), box, rubric)


def of_file(name: str, path: Path) -> SelfCheck:
    """Try the public cases of an assignment on a notebook or module.

    Parameters
    ----------
    name : str
        An assignment's name, or the path of a folder with ``test_public.py``.
    path : Path
        The student's file.

    Raises
    ------
    AssignmentError, SubmissionError
        If the one or the other cannot be read.
    """
    folder = Path(name) if (Path(name) / "test_public.py").is_file() else find(name)
    try:
        data = path.read_bytes()
    except OSError as problem:
        raise SubmissionError(f"{path} cannot be read: {problem.strerror}") from None
    return of_folder(folder.resolve(), LocalBox.from_source(own_source(path, data)))


def _seen(attempt: Attempt) -> tuple[CaseResult, Where, Attempt]:
    """What came of it, where, and what a diagnosis needs of it."""
    return attempt.result(), where.of(attempt.raised, attempt.calls), trimmed(attempt)


def _stamp(folder: Path) -> tuple[tuple[str, int], ...]:
    """Another one after every change of the tests or the bank."""
    files = (folder / "test_public.py", *sorted(folder.glob("grading/*.py")))
    return tuple((path.name, path.stat().st_mtime_ns) for path in files)


def _with_bank(tests: Path) -> Assignment:
    """The assignment of these tests, with its bank: their own folder's, else that of the installed one which
    they were released from, whatever their folder is called now. Without either nothing is diagnosed.
    """
    for name in (str(tests.parent), *names()):
        with suppress(AssignmentError):
            folder = find(name)
            if (folder / "test_public.py").read_bytes() == tests.read_bytes():
                toml = AssignmentToml(folder / "grading" / "assignment.toml")
                return _bare(folder, tuple(toml.table["functions"]))
    return _bare(tests.parent)


def _bare(folder: Path, functions: tuple[str, ...] = ()) -> Assignment:
    """A folder with public tests and no rubric."""
    return Assignment(folder.name, folder.name, folder, functions, rubric=(), manual=())
