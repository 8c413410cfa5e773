"""``roikit course check``: what is wrong with a course, before students or their grades suffer from it.

Looked at are its own files (`configuration`), every assignment (`sources`), all that students get
(`released`), all that they handed in (`submitted`), and what is known of both (`gradebook`). Nothing of a
student is executed.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from grader.course import CONFIG, FLOOR, SEED
from grader.course.check import configuration, gradebook, released, sources, submitted
from grader.course.check.records import Course, Finding
from grader.errors import GraderError

if TYPE_CHECKING:
    from rich.console import Console

__all__ = ["Finding", "findings", "run"]


def run(console: Console, directory: Path) -> bool:
    """Look at a course and print what was found; whether there is no error."""
    from grader.course.check.report import print_findings

    with console.status("looking at the course"):
        found = findings(directory)
    print_findings(found, directory, console)
    return not any(finding.severity == "error" for finding in found)


def findings(course: Path) -> tuple[Finding, ...]:
    """Look at everything.

    Parameters
    ----------
    course : Path
        The folder with ``nbgrader_config.py``.

    Returns
    -------
    tuple of Finding
        In the order of the folders' use: configuration, source, release, submitted; then the gradebook.

    Raises
    ------
    GraderError
        If there is no such folder, or nothing of a course in it.
    """
    if not course.is_dir():
        raise GraderError(f"there is no folder {course}")
    root = course.resolve()
    if not any((root / name).exists() for name in (CONFIG, FLOOR, SEED, "source")):
        raise GraderError(f"nothing of a course is in {root}: cd into one, or `roikit course init DIR`")
    return tuple(_findings(root))


def _findings(root: Path) -> Iterator[Finding]:
    settings, problems = configuration.settings_of(root)
    yield from problems
    found, problems = sources.read(root, settings)
    course = Course(root, settings, found)
    yield from configuration.look_at(course)
    yield from problems
    yield from sources.look_at(course)
    yield from released.look_at(course)
    yield from submitted.look_at(course)
    yield from gradebook.look_at(course)
