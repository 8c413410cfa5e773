"""``roikit course check``: what is wrong with a course, before students or their grades suffer from it.

Looked at are its own files (`configuration`), every assignment (`sources`), all that students get
(`released`), and all that they handed in (`submitted`). Nothing of a student is executed.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from grader.course.check import configuration, released, sources, submitted
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
        In the order of the folders' use: configuration, source, release, submitted.

    Raises
    ------
    GraderError
        If there is no such folder.
    """
    if not course.is_dir():
        raise GraderError(f"there is no folder {course}")
    return tuple(_findings(course.resolve()))


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
