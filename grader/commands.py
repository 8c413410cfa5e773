"""What each command of ``roikit`` does: it says things on a console and returns the exit code."""

from __future__ import annotations

import faulthandler
import importlib.util
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING

from grader import interrupts
from grader.errors import GraderError, SandboxError

if TYPE_CHECKING:
    from rich.console import Console

    from grader.records import ClassResult

#: Exit codes, as ``roikit --help`` has them.
GRADED, INCOMPLETE, USAGE, NO_SANDBOX = 0, 1, 2, 3
#: The seed with which the sample class is graded, so that everybody sees the same.
SAMPLE_SEED = 2024


# ------------------------------------------------------------------ instructors
def grade(
    console: Console,
    assignment: str,
    submissions: Path,
    output: Path,
    *,
    jobs: int | None = None,
    seed: int | None = None,
    sandbox: str = "auto",
    gradebook: bool = True,
    fresh: bool = False,
) -> int:
    """Grade a class and write ``results.json``, ``gradebook.db`` and ``report/`` into `output`."""
    from grader.grading import Order, grade_class
    from grader.sandbox import choose_rung

    if gradebook and not _has_nbgrader():
        raise GraderError("nbgrader is not installed: pip install 'roikit[nbgrader]', or pass --no-gradebook")
    rung = choose_rung(sandbox)
    database = output / "gradebook.db" if gradebook else None
    order = Order(assignment, submissions, output, rung, database, jobs, seed, fresh)
    with interrupts.listening():
        code = _exit_code(grade_class(console, order))
        return INCOMPLETE if interrupts.came() else code


def demo(console: Console, output: Path, jobs: int | None = None) -> int:
    """Grade the sample class in every assignment; without a full sandbox in the reduced one, and say so."""
    from grader import assignment
    from grader.grading import Order, grade_class
    from grader.intake.collect import has_hand_ins
    from grader.sandbox import choose_rung

    try:
        rung = choose_rung("auto")
    except SandboxError as problem:
        rung = choose_rung("reduced")
        console.print(f"No full sandbox here: {problem}", style="bold red", markup=False)
        console.print("The sample class is our own, so it is graded in the reduced one.", style="bold red")
    database = output / "gradebook.db" if _has_nbgrader() else None
    if database is None:
        console.print("no gradebook.db without nbgrader: pip install 'roikit[nbgrader]'", markup=False)
    sample = assignment.home() / assignment.SAMPLE_CLASS
    code = GRADED
    with interrupts.listening():
        for name in assignment.names():
            if has_hand_ins(sample, name):
                order = Order(name, sample, output / name, rung, database, jobs, SAMPLE_SEED)
                result = grade_class(console, order)
                interrupts.check()  # one may have come while the results were written
                code = max(code, _exit_code(result))
                if result is None or not result.complete:
                    break
    return code


def release(console: Console, assignment: str, directory: Path) -> int:
    """Write the students' version of an assignment."""
    from grader.assignment import load
    from grader.release import release as write

    for path in write(load(assignment), directory):
        console.print(str(path), markup=False, highlight=False, soft_wrap=True)
    return GRADED


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


def lint_assignment(console: Console, assignment: str) -> int:
    """Try the tests and the bank of misconceptions of an assignment."""
    from grader import lint

    return GRADED if lint.run(console, assignment) else INCOMPLETE


def similar(console: Console, assignment: str, submissions: Path, output: Path | None) -> int:
    """Say which submissions are alike as texts."""
    from grader import similarity

    return GRADED if similarity.run(console, assignment, submissions, output) else INCOMPLETE


# ------------------------------------------------------------------ students, everybody
def play(console: Console, output: Path, show: bool) -> int:
    """Write the page on which a box is dragged over a map."""
    from grader import play

    path = play.write(output)
    console.print(str(path), markup=False, highlight=False, soft_wrap=True)
    if show and not play.show(path):
        console.print("no browser could be opened here; open the file yourself", markup=False)
    return GRADED


def check(console: Console, assignment: str, file: Path) -> int:
    """Run the public cases against one's own code, in this process."""
    from grader.report.terminal import print_check
    from grader.selfcheck import of_file

    with suppress(OSError):  # stderr may be no file
        faulthandler.enable()  # code that crashes the interpreter says where
    cases, diagnosis = of_file(assignment, file)
    print_check(cases, console, diagnosis)
    return GRADED if all(case.outcome == "correct" for case in cases) else INCOMPLETE


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


def _exit_code(result: ClassResult | None) -> int:
    """Of a graded class; None where something could not be written."""
    if result is None or not result.complete:
        return INCOMPLETE
    return GRADED if all(submission.score is not None for submission in result.submissions) else INCOMPLETE


def _has_nbgrader() -> bool:
    return importlib.util.find_spec("nbgrader") is not None
