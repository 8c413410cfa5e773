"""A student's own check: the public cases and the diagnosis, on their own code in their own process."""

from __future__ import annotations

from contextlib import suppress
from pathlib import Path

from grader import cases
from grader.assignment import find
from grader.assignment_toml import AssignmentToml
from grader.errors import AssignmentError, SubmissionError
from grader.examiner import Examiner
from grader.intake import extract
from grader.records import Assignment, CaseResult, Diagnosis
from grader.student import Box, LocalBox

Checked = tuple[tuple[CaseResult, ...], Diagnosis]


def of_folder(folder: Path, box: Box, rubric: str | None = None) -> Checked:
    """Run the public cases of a folder, all or those of one rubric item, against `box`."""
    tests = folder / "test_public.py"
    if not tests.is_file():
        raise AssignmentError(f"there is no test_public.py in {folder.name}; it comes with the notebook")
    assignment = _with_bank(tests)

    def body(attempts: cases.Attempts) -> Checked:
        return Examiner(assignment, attempts, seed=0).run(box)

    return cases.with_attempts(assignment, 0, body, visibility="public", rubric=rubric)


def of_file(name: str, path: Path) -> Checked:
    """Run the public cases of an assignment against a notebook or module.

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
    return of_folder(folder.resolve(), LocalBox.from_source(extract.source(path.name, data)))


def _with_bank(tests: Path) -> Assignment:
    """The assignment of these tests, with its bank: their own folder's, else that of the installed one which
    they were released from. Without either nothing is diagnosed.
    """
    for name in (str(tests.parent), tests.parent.name):
        with suppress(AssignmentError):
            folder = find(name)
            if (folder / "test_public.py").read_bytes() == tests.read_bytes():
                toml = AssignmentToml(folder / "grading" / "assignment.toml")
                return _bare(folder, tuple(toml.table["functions"]))
    return _bare(tests.parent)


def _bare(folder: Path, functions: tuple[str, ...] = ()) -> Assignment:
    """A folder with public tests and no rubric."""
    return Assignment(folder.name, folder.name, folder, functions, rubric=(), manual=())
