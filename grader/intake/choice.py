"""Which of a student's files is the submission, where its name does not say so: what is in it does."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from grader.errors import SubmissionError, UnreadableError
from grader.intake import extract, names
from grader.intake.extract import nbgrader_of, notebook_cells, shown
from grader.records import Assignment, Source
from grader.sandbox.limits import Limits

MAX_READ = 8  # files that are looked into


@dataclass(frozen=True)
class StudentFile:
    """One file of a student: its path in the student's folder or archive, and how to get its bytes."""

    path: str
    read: Callable[[int], bytes]  # takes a limit, gives at most one byte more, or SubmissionError

    @property
    def name(self) -> str:
        return self.path.rpartition("/")[2]


def choose(
    files: Sequence[StudentFile], assignment: str, limits: Limits, lesson: Assignment | None = None
) -> int:
    """The place of the submission among a student's files.

    The names decide (`names.candidates`). Where they do not, it is the only file with graded cells of the
    assignment; where none has any, the only one that defines functions that are asked for.

    Parameters
    ----------
    files : sequence of StudentFile
    assignment : str
        Its name.
    limits : Limits
    lesson : Assignment, optional
        Without it the names alone decide.

    Raises
    ------
    SubmissionError
        There is none, or it is not clear which one it is.
    """
    found = names.candidates([file.path for file in files], assignment)
    if len(found) > 1 and lesson and len(found) <= MAX_READ:
        looks = {at: _look(files[at], lesson, limits) for at in found}
        marked = [at for at in found if looks[at][0]]
        found = marked or [at for at in found if looks[at][1]] or found
    if len(found) > 1:
        listed = ", ".join(sorted(shown(files[at].path) for at in found)[:5])
        remedy = f"; name the one that counts {assignment}.ipynb" if assignment else ""
        raise SubmissionError(f"several files could be the submission: {listed}{remedy}")
    return found[0]


def _look(file: StudentFile, lesson: Assignment, limits: Limits) -> tuple[bool, bool]:
    """Whether a file has graded cells of the assignment, and whether it defines one of its functions."""
    stem, suffix = names.split(file.name)
    try:
        data = file.read(names.limit_of(file.name, limits))
        if suffix == ".py":
            return False, _defines(extract.module_source(stem + suffix, data, limits), lesson)
        if suffix != ".ipynb":
            return False, False
        cells = notebook_cells(data, limits)
        graded = {item.id for item in (*lesson.rubric, *lesson.manual)}
        ids = {str(nbgrader_of(cell).get("grade_id")) for cell in cells if isinstance(cell, dict)}
        return not graded.isdisjoint(ids), _defines(extract.source_of(cells, limits), lesson)
    except UnreadableError:
        raise
    except SubmissionError:
        return False, False


def _defines(source: Source, lesson: Assignment) -> bool:
    functions = "|".join(map(re.escape, lesson.functions))
    definition = re.compile(rf"^[ \t]*(?:async[ \t]+)?def[ \t]+(?:{functions})\b", re.MULTILINE)
    return any(definition.search(cell.text) for cell in source.cells)
