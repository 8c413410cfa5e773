"""A template repository for GitHub Classroom."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from grader.commands import GRADED, assignment_argument, command

if TYPE_CHECKING:
    from rich.console import Console


def add_to(verbs: Any) -> None:
    text = "write a template repository for GitHub Classroom: the students' version, a workflow"
    verb = command(verbs, "classroom", text, classroom)
    assignment_argument(verb)
    verb.add_argument("directory", type=Path, metavar="DIR")


def classroom(console: Console, assignment: str, directory: Path) -> int:
    """Write a template repository for GitHub Classroom."""
    from grader.assignment import load
    from grader.platforms.classroom import write

    for path in write(load(assignment), directory):
        console.print(str(path), markup=False, highlight=False, soft_wrap=True)
    text = "Only public checks run there, and students can change them: the marks come from roikit grade."
    console.print(text, soft_wrap=True)
    return GRADED
