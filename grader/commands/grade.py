"""Grading a class."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from grader import interrupts
from grader.commands import (
    GRADED,
    INCOMPLETE,
    assignment_argument,
    command,
    exit_code,
    has_nbgrader,
    jobs_option,
    sandbox_option,
    seed_option,
    where_options,
)  # fmt: skip
from grader.errors import GraderError, SandboxError

if TYPE_CHECKING:
    from rich.console import Console

#: The seed with which the sample class is graded, so that everybody sees the same.
SAMPLE_SEED = 2024


def add_to(verbs: Any) -> None:
    verb = command(
        verbs, "grade", "grade a class in the sandbox; write results.json, gradebook.db and report/", grade
    )
    assignment_argument(verb)
    verb.add_argument(
        "submissions", type=Path, metavar="SUBMISSIONS",
        help="a folder or zip with <student>/<assignment>/<file>, or with <student>.ipynb or .py; "
        "or the submissions that Canvas or Moodle packed",
    )  # fmt: skip
    verb.add_argument(
        "--output", type=Path, required=True, metavar="DIR",
        help="where the results go; what DIR/journal.jsonl holds already is not graded again",
    )  # fmt: skip
    where_options(verb)
    seed_option(verb, "the seed of the hidden inputs (default: the journal's, else a new one)")
    verb.add_argument("--fresh", action="store_true", help="grade everything again, into a new journal")
    _cache_options(verb)
    sandbox_option(verb)
    verb.add_argument("--junit", type=Path, metavar="FILE.xml", help="write the class as JUnit XML, too")
    verb.add_argument(
        "--no-gradebook", dest="gradebook", action="store_false", help="do not write nbgrader's gradebook.db"
    )

    verb = command(verbs, "demo", "grade the sample class in every assignment", demo)
    verb.add_argument(
        "--output", type=Path, default=Path("demo-report"), metavar="DIR", help="default: demo-report"
    )
    jobs_option(verb)


def _cache_options(verb: Any) -> None:
    either = verb.add_mutually_exclusive_group()
    either.add_argument(
        "--cache", type=Path, metavar="DIR",
        help="a folder of known results: code that was graded under these tests and this seed is looked up, "
        "whoever handed it in (default in a course: its .roikit/results, elsewhere none)",
    )  # fmt: skip
    either.add_argument(
        "--no-cache", dest="cached", action="store_false", help="look up no results (nor does --fresh)"
    )


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
    again: bool = False,
    junit: Path | None = None,
    dask: str | None = None,
    cache: Path | None = None,
    cached: bool = True,
) -> int:
    """Grade a class and write ``results.json``, ``gradebook.db`` and ``report/`` into `output`.

    With `again` it says first what that changes in the results that are there.
    """
    from grader import course, regrade
    from grader.grading import Order, grade_class
    from grader.sandbox import choose_rung

    if gradebook and not has_nbgrader():
        raise GraderError("nbgrader is not installed: pip install 'roikit[nbgrader]', or pass --no-gradebook")
    rung = choose_rung(sandbox)
    database = course.around(output) / "gradebook.db" if gradebook else None
    order = Order(
        assignment, submissions, output, rung, database, jobs, seed, fresh, junit,
        dask=dask, cache=cache, is_cached=cached,
    )  # fmt: skip
    order = regrade.with_before(order) if again else order
    with interrupts.listening():
        code = exit_code(grade_class(console, order))
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
    database = output / "gradebook.db" if has_nbgrader() else None
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
                code = max(code, exit_code(result))
                if result is None or not result.complete:
                    break
    return code
