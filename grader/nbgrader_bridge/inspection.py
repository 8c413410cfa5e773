"""What ``roikit course check`` asks nbgrader: what it is told to do, and what its gradebook holds."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from nbgrader.apps import api, autogradeapp
from nbgrader.converters import Autograde
from nbgrader.exchange.default import Exchange

from grader.course.check.records import Settings
from grader.nbgrader_bridge import database
from grader.nbgrader_bridge.course import STRUCTURE, configured, course_of
from grader.nbgrader_bridge.database import Place

_STEPS = ("source", "release", "submitted", "autograded", "feedback")


def settings_of(root: Path) -> Settings:
    """What nbgrader does in this course; GraderError where its configuration fails."""
    with _without_scorer() as has_scorer:
        coursedir, config = configured(root)
        uses_scorer = has_scorer()
    steps = Autograde(config=config).autograde_preprocessors
    names = [step if isinstance(step, str) else step.__name__ for step in steps]
    place = Place.of_url(coursedir.db_url)
    exchange = Path(Exchange(coursedir=coursedir, config=config).root, coursedir.course_id)
    folders = (getattr(coursedir, f"{step}_directory") for step in _STEPS)
    return Settings(
        tuple(coursedir.ignore),
        uses_scorer,
        any(name.rpartition(".")[2] == "Execute" for name in names),
        coursedir.directory_structure == STRUCTURE,
        *(root / folder for folder in folders),
        gradebook=place.path,
        outbound=exchange / "outbound",
        feedback_out=exchange / "feedback",
    )


@contextmanager
def _without_scorer() -> Iterator[Any]:
    """nbgrader as it is by itself; yields whether it still is, and leaves it as it was."""
    modules = (api, autogradeapp)
    before = [module.Autograde for module in modules]
    for module in modules:
        module.Autograde = Autograde
    try:
        yield lambda: all(module.Autograde is not Autograde for module in modules)
    finally:
        for module, was in zip(modules, before, strict=True):
            module.Autograde = was


@dataclass(frozen=True)
class Gradebook:
    """What a gradebook knows; nothing where there is none."""

    cells: dict[str, dict[str, float]]  # of each assignment, and their points
    graded: dict[str, set[str]]  # the assignments of each student that has any


def gradebook_of(root: Path) -> Gradebook:
    """What the course's gradebook knows; GraderError where it cannot be read."""
    course = course_of(root / "gradebook.db")
    if not course.place.is_there:
        return Gradebook({}, {})
    with database.opened(course.place, database.BUSY_SECONDS, course.course_id) as book:
        cells = {
            assignment.name: {
                cell.name: float(cell.max_score)
                for notebook in assignment.notebooks
                for cell in (*notebook.grade_cells, *notebook.task_cells)
            }
            for assignment in book.session.query(book.api.Assignment)
        }
        students = book.session.query(book.api.Student)
        graded = {one.id: {submission.name for submission in one.submissions} for one in students}
    return Gradebook(cells, {student: names for student, names in graded.items() if names})
