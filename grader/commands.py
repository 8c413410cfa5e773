"""What each command of ``roikit`` does: it says things on a console and returns the exit code."""

from __future__ import annotations

import faulthandler
import importlib.util
import secrets
import shlex
import shutil
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING

from grader.errors import GraderError, SandboxError

if TYPE_CHECKING:
    from rich.console import Console

    from grader.pipeline import Plan
    from grader.records import ClassResult, SubmissionResult
    from grader.sandbox import Rung

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
) -> int:
    """Grade a class and write ``results.json``, ``gradebook.db`` and ``report/`` into `output`."""
    from grader.sandbox import choose_rung

    if gradebook and not _has_nbgrader():
        raise GraderError("nbgrader is not installed: pip install 'roikit[nbgrader]', or pass --no-gradebook")
    rung = choose_rung(sandbox)
    seed = secrets.randbits(63) if seed is None else seed
    database = output / "gradebook.db" if gradebook else None
    return _grade_into(console, assignment, submissions, output, database, rung, seed, jobs)


def demo(console: Console, output: Path, jobs: int | None = None) -> int:
    """Grade the sample class in every assignment; without a full sandbox in the reduced one, and say so."""
    from grader import assignment
    from grader.collect import has_hand_ins
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
    return max(
        _grade_into(console, name, sample, output / name, database, rung, SAMPLE_SEED, jobs)
        for name in assignment.names()
        if has_hand_ins(sample, name)
    )


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


# ------------------------------------------------------------------ students, everybody
def check(console: Console, assignment: str, file: Path) -> int:
    """Run the public cases against one's own code, in this process."""
    from grader.report.terminal import print_check
    from grader.selfcheck import of_file

    with suppress(OSError):  # stderr may be no file
        faulthandler.enable()  # code that crashes the interpreter says where
    cases = of_file(assignment, file)
    print_check(cases, console)
    return GRADED if all(case.outcome == "correct" for case in cases) else INCOMPLETE


def doctor(console: Console | None) -> int:
    """Say what works on this machine, and how to get what does not; needs nothing itself, not even rich."""
    from grader.doctor import findings

    for found in findings():
        print(f"{'ok' if found.is_ok else 'missing':9}{found.name:18}{found.detail}")
        if found.remedy:
            print(f"{'':27}-> {found.remedy}")
    return GRADED


# ------------------------------------------------------------------ a class, step by step
def _grade_into(
    console: Console,
    name: str,
    submissions: Path,
    output: Path,
    database: Path | None,
    rung: Rung,
    seed: int,
    jobs: int | None,
) -> int:
    """Load, collect, grade, print, write: one assignment of one class."""
    from grader import assignment, collect, pipeline
    from grader.executors import usable_cores
    from grader.report import files, html, results_json, terminal

    plan = pipeline.Plan(assignment.load(name), rung, seed)
    with collect.hand_ins(submissions, plan.assignment.name) as found:
        for folder in (output, output / "report"):
            files.make_writable(folder)
        console.rule(plan.assignment.title, align="left", style="dim")
        _tell_before(console, plan, collect.folders_without(submissions, plan.assignment.name))
        with _progress(console, len(found)) as tick:
            result = pipeline.grade_class(plan, found, jobs=jobs or usable_cores(), progress=tick)
    terminal.print_class(result, console)
    steps: dict[str, Callable[[], Path]] = {
        "Results": lambda: results_json.write(result, output / "results.json"),
        "Report": lambda: html.write(result, output / "report"),
    }
    if database is not None:
        steps["Gradebook"] = lambda: _write_gradebook(console, result, database, submissions)
    is_written = _write(console, steps)
    program = "roikit" if shutil.which("roikit") else sys.argv[0]
    again = shlex.join([program, "grade", name, str(submissions), "--output", str(output), f"--seed={seed}"])
    console.print(f"Again: {again}\n", style="dim", markup=False, highlight=False, soft_wrap=True)
    return _exit_code(result) if is_written else INCOMPLETE


def _tell_before(console: Console, plan: Plan, without: tuple[str, ...]) -> None:
    """What an instructor may want to stop for."""
    if plan.rung.missing:
        missing = ", ".join(plan.rung.missing)
        text = f"Sandbox {plan.rung.name}: not everything is walled in (missing: {missing})."
        console.print(text, style="bold red", markup=False, highlight=False)
    if without:
        some = ", ".join(map(_plain, without[:5])) + (", ..." if len(without) > 5 else "")
        text = f"No {plan.assignment.name} in {len(without)} of the folders: {some}"
        console.print(text, style="dim", highlight=False)


def _write(console: Console, steps: dict[str, Callable[[], Path]]) -> bool:
    """Write all that can be written, say where it is and what could not be; whether it is everything."""
    failures = 0
    for what, write in steps.items():
        try:
            line, style = f"{what}: {write()}", ""
        except (GraderError, OSError) as problem:
            line, style = f"{what} not written: {reason(problem)}", "bold red"
            failures += 1
        console.print(line, style=style, markup=False, highlight=False, soft_wrap=True)
    return not failures


def _write_gradebook(console: Console, result: ClassResult, database: Path, submissions: Path) -> Path:
    from grader.nbgrader_bridge import write_gradebook

    with console.status("writing gradebook.db"):
        return write_gradebook(result, database, submissions)


def reason(problem: Exception) -> str:
    """One sentence; of the operating system's errors the file and what is the matter with it."""
    if isinstance(problem, OSError) and problem.strerror:
        return f"{problem.filename}: {problem.strerror}" if problem.filename else problem.strerror
    return str(problem)


@contextmanager
def _progress(console: Console, count: int) -> Iterator[Callable[[SubmissionResult], None]]:
    """A bar on a terminal, elsewhere one plain line a submission."""
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

    from grader.report.summary import sign

    if console.is_terminal:
        columns = (BarColumn(), MofNCompleteColumn(), TimeRemainingColumn(), TextColumn("{task.description}"))
        with Progress(*columns, console=console, transient=True) as bar:
            task = bar.add_task("", total=count)
            yield lambda result: bar.update(task, advance=1, description=_plain(result.student))
        return
    graded = 0

    def say(result: SubmissionResult) -> None:
        nonlocal graded
        graded += 1
        console.print(f"{graded}/{count} {_plain(result.student)}: {sign(result).word}", highlight=False)

    yield say


def _plain(name: str) -> str:
    from rich.markup import escape

    from grader.sandbox.text import clean_line

    return escape(clean_line(name, 40))


def _exit_code(result: ClassResult) -> int:
    is_graded = all(submission.score is not None for submission in result.submissions)
    return GRADED if result.complete and is_graded else INCOMPLETE


def _has_nbgrader() -> bool:
    return importlib.util.find_spec("nbgrader") is not None
