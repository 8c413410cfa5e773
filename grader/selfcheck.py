"""A student's own check: the public cases, run against their own code in their own process."""

from __future__ import annotations

from pathlib import Path

from grader import cases
from grader.assignment import find
from grader.errors import AssignmentError, SubmissionError
from grader.intake import extract
from grader.records import Assignment, CaseResult
from grader.student import Box, LocalBox


def public_part(folder: Path) -> Assignment:
    """What a released folder holds of an assignment: its public tests, no rubric."""
    if not (folder / "test_public.py").is_file():
        raise AssignmentError(f"there is no test_public.py in {folder.name}; it comes with the notebook")
    return Assignment(folder.name, folder.name, folder, functions=(), rubric=(), manual=())


def of_folder(folder: Path, box: Box, rubric: str | None = None) -> tuple[CaseResult, ...]:
    """Run the public cases of a folder, all or those of one rubric item, against `box`."""
    public = public_part(folder)
    return cases.with_cases(public, 0, lambda run: run(box), visibility="public", rubric=rubric)


def of_file(name: str, path: Path) -> tuple[CaseResult, ...]:
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
