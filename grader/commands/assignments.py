"""What there is to hand out, and whether it is good enough."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from grader.commands import GRADED, INCOMPLETE, assignment_argument, command

if TYPE_CHECKING:
    from rich.console import Console


def add_to(verbs: Any) -> None:
    command(verbs, "assignments", "list the assignments", assignments)

    text = "write the students' version of an assignment to DIR/ASSIGNMENT"
    verb = command(verbs, "release", text, release)
    assignment_argument(verb)
    verb.add_argument("directory", type=Path, metavar="DIR")

    text = "write a small, complete assignment to DIR/NAME, to be changed into your own"
    verb = command(verbs, "new-assignment", text, new_assignment)
    verb.add_argument("name", metavar="NAME", help="of its folder and notebook, for instance iou")
    verb.add_argument(
        "--directory", type=Path, default=Path(), metavar="DIR", help="default: this folder"
    )

    verb = command(
        verbs, "lint-assignment", "try an assignment's tests before anyone is graded", lint_assignment
    )
    assignment_argument(verb)

    text = "say which submissions are alike as texts, without what was handed out"
    verb = command(verbs, "similar", text, similar)
    assignment_argument(verb)
    verb.add_argument("submissions", type=Path, metavar="SUBMISSIONS", help="as for grade")
    verb.add_argument(
        "--output", type=Path, metavar="DIR", help="of roikit grade: the page report/similar.html goes there"
    )


def assignments(console: Console) -> int:
    """List the assignments: name, points, title, functions."""
    from rich.box import SIMPLE_HEAD
    from rich.table import Table

    from grader.assignment import load, names
    from grader.report.summary import number

    table = Table("Assignment", "Points", "Title", "Functions", box=SIMPLE_HEAD, pad_edge=False)
    for name in names():
        found = load(name)
        points = number(found.max_score)
        if found.manual:
            points += f" + {number(sum(item.max_score for item in found.manual))} by hand"
        table.add_row(f"[bold]{found.name}[/]", points, found.title, ", ".join(found.functions))
    console.print(table)
    return GRADED


def release(console: Console, assignment: str, directory: Path) -> int:
    """Write the students' version of an assignment."""
    from grader.assignment import load
    from grader.release import release as write

    for path in write(load(assignment), directory):
        console.print(str(path), markup=False, highlight=False, soft_wrap=True)
    return GRADED


def new_assignment(console: Console, name: str, directory: Path) -> int:
    """Write a small assignment to begin with."""
    from grader.new_assignment import write

    for path in write(name, directory):
        console.print(str(path), markup=False, highlight=False, soft_wrap=True)
    return GRADED


def lint_assignment(console: Console, assignment: str) -> int:
    """Try the tests and the bank of misconceptions of an assignment."""
    from grader import lint

    return GRADED if lint.run(console, assignment) else INCOMPLETE


def similar(console: Console, assignment: str, submissions: Path, output: Path | None) -> int:
    """Say which submissions are alike as texts."""
    from grader import similarity

    return GRADED if similarity.run(console, assignment, submissions, output) else INCOMPLETE
