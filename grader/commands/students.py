"""What students, and everybody else, can use."""

from __future__ import annotations

import faulthandler
import shlex
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any

from grader.commands import GRADED, INCOMPLETE, NO_SANDBOX, assignment_argument, command

if TYPE_CHECKING:
    from rich.console import Console

    from grader.records import CaseResult

#: The rungs of the ladder, each with those before it.
HINTS = ("what", "where", "idea")


def add_to(verbs: Any) -> None:
    verb = command(verbs, "check", "check your own notebook or module with the public tests", check)
    assignment_argument(verb, "name of the assignment, or the folder that was handed out")
    verb.add_argument("file", type=Path, metavar="FILE", help="your notebook or module")
    text = "what is told of a check that fails: what differs (default), also where, also the idea behind it"
    verb.add_argument("--hint", choices=HINTS, default=HINTS[0], help=text)
    verb.add_argument("--junit", type=Path, metavar="FILE.xml", help="write what came of it as JUnit XML")
    verb.add_argument("--json", type=Path, metavar="FILE.json", help="the same for GitHub Classroom")

    text = "write the page on which a box is dragged over a map, and say where it lies"
    verb = command(verbs, "play", text, play)
    verb.add_argument("--output", type=Path, default=Path(), metavar="DIR", help="default: this folder")
    verb.add_argument("--open", dest="show", action="store_true", help="open it in the browser")

    command(verbs, "doctor", "say what works on this machine, and how to get what does not", doctor)


def check(
    console: Console, assignment: str, file: Path, hint: str, junit: Path | None, json: Path | None
) -> int:
    """Run the public cases against one's own code, in this process."""
    from grader.grading import program
    from grader.report.terminal import NOTHING, print_check
    from grader.selfcheck import of_file

    with suppress(OSError):  # stderr may be no file
        faulthandler.enable()  # code that crashes the interpreter says where
    found = of_file(assignment, file)
    rung = HINTS.index(hint)
    following = ""
    if rung + 1 < len(HINTS):
        following = shlex.join([*program(), "check", assignment, str(file), "--hint", HINTS[rung + 1]])
    idea = found.diagnosis() if hint == "idea" else NOTHING
    print_check(found.cases, console, idea, found.where if rung else {}, following)
    _write(found.cases, Path(assignment).resolve().name, junit, json)
    return GRADED if all(case.outcome == "correct" for case in found.cases) else INCOMPLETE


def _write(cases: Sequence[CaseResult], name: str, junit: Path | None, json: Path | None) -> None:
    """What came of a check, for machines."""
    if junit is not None:
        from grader.report.junit import write_check

        write_check(cases, name, junit)
    if json is not None:
        from grader.platforms.classroom import write_results

        write_results(cases, json)


def play(console: Console, output: Path, show: bool) -> int:
    """Write the page on which a box is dragged over a map."""
    from grader import play

    path = play.write(output)
    console.print(str(path), markup=False, highlight=False, soft_wrap=True)
    if show and not play.show(path):
        console.print("no browser could be opened here; open the file yourself", markup=False)
    return GRADED


def doctor(console: Console | None) -> int:
    """Say what works on this machine, and how to get what does not; needs nothing itself, not even rich."""
    from grader.doctor import findings

    code = GRADED
    for found in findings():
        print(f"{'ok' if found.is_ok else 'missing':9}{found.name:18}{found.detail}")
        if found.remedy:
            print(f"{'':27}-> {found.remedy}")
        if found.name == "sandbox" and not found.is_ok:
            code = NO_SANDBOX
    return code
