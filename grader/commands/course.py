"""``roikit course``: a course in nbgrader's layout."""

from __future__ import annotations

import shlex
from pathlib import Path
from typing import TYPE_CHECKING, Any

from grader.commands import GRADED, INCOMPLETE, command

if TYPE_CHECKING:
    from rich.console import Console


def add_to(verbs: Any) -> None:
    text = "make a course for nbgrader, or find what is wrong with one"
    group = verbs.add_parser("course", help=text, description=text[0].upper() + text[1:] + ".")
    verbs = group.add_subparsers(metavar="VERB", required=True)

    verb = command(verbs, "init", "make a course in nbgrader's layout, graded by roikit", init)
    verb.add_argument("directory", type=Path, metavar="DIR", help="a new folder")
    verb.add_argument(
        "assignments", nargs="*", metavar="ASSIGNMENT", help="names or folders (default: all that there are)"
    )

    verb = command(verbs, "check", "find what is wrong with a course, leaks included", check)
    verb.add_argument(
        "directory", type=Path, nargs="?", default=Path(), metavar="DIR", help="default: this folder"
    )


def init(console: Console, directory: Path, assignments: list[str]) -> int:
    """Make a course and say how to go on."""
    from grader import course

    made = course.init(directory, assignments)
    for path in made:
        console.print(str(path), markup=False, highlight=False, soft_wrap=True)
    go_on = f"Next: cd {shlex.quote(str(directory))} && nbgrader generate_assignment {made[-1].name}"
    console.print(go_on, markup=False, highlight=False, soft_wrap=True)
    return GRADED


def check(console: Console, directory: Path) -> int:
    """Say what is wrong with a course."""
    from grader.course import check

    return GRADED if check.run(console, directory) else INCOMPLETE
