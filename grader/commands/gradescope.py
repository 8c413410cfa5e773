"""An autograder for Gradescope."""

from __future__ import annotations

import secrets
from pathlib import Path
from typing import TYPE_CHECKING, Any

from grader.commands import GRADED, assignment_argument, command, seed_option

if TYPE_CHECKING:
    from rich.console import Console

#: As in Gradescope's results.json.
_VISIBILITIES = ("visible", "after_due_date", "after_published", "hidden")


def add_to(verbs: Any) -> None:
    verb = command(verbs, "gradescope", "write an autograder for Gradescope", gradescope)
    assignment_argument(verb)
    verb.add_argument("out", type=Path, metavar="OUT.zip", help="for Gradescope's Configure Autograder page")
    seed_option(verb, "the seed of the hidden inputs (default: a new one)")
    verb.add_argument(
        "--sandbox", choices=("auto", "reduced"), default="auto",
        help="auto: where Gradescope's container allows no full sandbox, nothing is graded; "
        "reduced: then student code runs with the walls that are left, and each result says which are not",
    )  # fmt: skip
    verb.add_argument(
        "--hidden", choices=_VISIBILITIES, default="visible",
        help="when students see what came of hidden checks (default: at once, by their ideas alone)",
    )  # fmt: skip


def gradescope(
    console: Console, assignment: str, out: Path, seed: int | None, sandbox: str, hidden: str
) -> int:
    """Write the autograder; the tests are tried on the solution first, where there is a sandbox."""
    from grader import rehearsal
    from grader.assignment import load
    from grader.errors import SandboxError
    from grader.pipeline import Plan
    from grader.platforms.gradescope import build
    from grader.report.summary import number
    from grader.sandbox import choose_rung

    found = load(assignment)
    seed = secrets.randbits(63) if seed is None else seed
    try:
        with console.status("trying the tests on the solution"):
            rehearsal.rehearse(Plan(found, choose_rung("auto"), seed))
    except SandboxError as problem:
        _say(console, f"The tests are not tried on the solution, for there is no sandbox here: {problem}")
    _say(console, str(build(found, out, seed=seed, sandbox=sandbox, hidden=hidden)))
    _say(console, f"Its seed is {seed}; keep the file and the seed from students.")
    _say(console, f"Autograder points, for the assignment on Gradescope: {number(found.max_score)}")
    return GRADED


def _say(console: Console, text: str) -> None:
    console.print(text, markup=False, highlight=False, soft_wrap=True)
