"""What instructors look at when a class is graded."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from grader.commands import (
    GRADED,
    INCOMPLETE,
    assignment_argument,
    command,
    exit_code,
    sandbox_option,
    seed_option,
    where_options,
)  # fmt: skip
from grader.errors import GraderError

if TYPE_CHECKING:
    from rich.console import Console

_REPORT = """\
Without --explain: writes GRADED/report/ anew, from results.json and journal.jsonl. Nobody is graded.

With --explain: runs one case of one student again, in the sandbox, with the inputs of the run, and shows
the call, expected beside got, how the expected value comes about, and the picture (GRADED/explain/).

exit codes: 0, or 1 where something is missing, somebody is not graded, or the case does not come to what
it came to in the run
"""
_REGRADE = """\
Says who has another score than in DIR/results.json, and by what; then writes it, unless --diff is given.
With --diff nothing in DIR is touched: no result, no journal, no gradebook.

exit codes of --diff: 0 nothing would change, 1 something would; without it: those of roikit grade
"""


def add_to(verbs: Any) -> None:
    text = "write the report of a graded class anew, or replay one case of one student"
    verb = command(verbs, "report", text, report, more=_REPORT)
    verb.add_argument("graded", type=Path, metavar="GRADED", help="the --output of a roikit grade")
    verb.add_argument(
        "--explain", nargs=2, metavar=("STUDENT", "ITEM"),
        help="replay; ITEM is an item's id, or its number in the rubric",
    )  # fmt: skip
    verb.add_argument("--case", metavar="NAME", help="of the item (default: the first one that failed)")
    verb.add_argument(
        "--submissions", type=Path, metavar="SUBMISSIONS",
        help="as for grade (default: GRADED/submitted)",
    )  # fmt: skip
    text = "its name, or the path of its folder (default: GRADED/source/..., else the one of that name)"
    verb.add_argument("--assignment", metavar="ASSIGNMENT", help=text)
    sandbox_option(verb)

    text = "grade a class again, and say who has another score than before"
    verb = command(verbs, "regrade", text, regrade, more=_REGRADE)
    assignment_argument(verb)
    verb.add_argument("submissions", type=Path, metavar="SUBMISSIONS", help="as for grade")
    verb.add_argument(
        "--output", type=Path, required=True, metavar="DIR", help="of the roikit grade before"
    )
    verb.add_argument("--diff", action="store_true", help="say it, and write nothing")
    verb.add_argument("--json", type=Path, metavar="FILE", help="with --diff: all of it, for programs")
    where_options(verb)
    seed_option(verb, "the seed of the hidden inputs (default: that of the results in DIR)")
    sandbox_option(verb)
    verb.add_argument(
        "--no-gradebook", dest="gradebook", action="store_false", help="do not write nbgrader's gradebook.db"
    )


def report(
    console: Console,
    graded: Path,
    explain: list[str] | None = None,
    case: str | None = None,
    submissions: Path | None = None,
    assignment: str | None = None,
    sandbox: str = "auto",
) -> int:
    """Write the report of a graded class anew, or replay one case of one student."""
    if explain is None:
        if case or submissions or assignment:
            raise GraderError("--case, --submissions and --assignment go with --explain STUDENT ITEM")
        return _write_anew(console, graded)
    from grader.replay import Question, replay
    from grader.report.terminal_replay import print_replay
    from grader.sandbox import choose_rung

    student, item = explain
    found = replay(Question(graded, student, item, choose_rung(sandbox), case, submissions, assignment))
    print_replay(found, graded, console)
    return GRADED if found.is_as_before else INCOMPLETE


def _write_anew(console: Console, graded: Path) -> int:
    from grader.report import html, stored
    from grader.report.terminal import print_class, safe_line

    found = stored.read_whole(graded)
    path = html.write(found.result, graded / "report")
    print_class(found.result, console)
    if found.problem:
        console.print(safe_line(console, found.problem, style="bold red"))
    console.print(f"Report: {path}", markup=False, highlight=False, soft_wrap=True)
    return INCOMPLETE if found.problem else exit_code(found.result)


def regrade(
    console: Console,
    assignment: str,
    submissions: Path,
    output: Path,
    *,
    diff: bool = False,
    json: Path | None = None,
    jobs: int | None = None,
    seed: int | None = None,
    sandbox: str = "auto",
    gradebook: bool = True,
    dask: str | None = None,
) -> int:
    """Grade a class again, and say who has another score than before."""
    if not diff:
        if json is not None:
            raise GraderError("--json goes with --diff")
        from grader.commands.grade import grade

        options = {"jobs": jobs, "seed": seed, "sandbox": sandbox, "gradebook": gradebook, "dask": dask}
        return grade(console, assignment, submissions, output, again=True, **options)
    from grader.grading import Order
    from grader.regrade import look, with_before, write_json
    from grader.sandbox import choose_rung

    order = Order(assignment, submissions, output, choose_rung(sandbox), None, jobs, seed, dask=dask)
    changes = look(console, with_before(order))
    if json is not None:
        console.print(f"Changes: {write_json(changes, json)}", markup=False, highlight=False, soft_wrap=True)
    return INCOMPLETE if changes else GRADED
