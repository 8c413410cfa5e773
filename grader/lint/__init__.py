"""Are the tests of an assignment good enough? Tried before anyone is graded: ``roikit lint-assignment NAME``.

The solution must earn everything, the stub and answers made without looking next to nothing; every idea of
the bank loses points and is told from every other; slips of the hand in the solution are caught. What runs
here is the course's own code: ideas and solution in this process, mutants in others.
"""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

from grader.cases import collect
from grader.diagnosis import bank as banks
from grader.lint import answers, ideas, mutation, statement
from grader.lint.records import LintReport
from grader.records import Assignment

if TYPE_CHECKING:
    from rich.console import Console

__all__ = ["lint", "run"]


def run(console: Console, name: str) -> bool:
    """Lint the assignment `name` and print what was found; whether all is well."""
    from grader.assignment import load
    from grader.lint.report import print_report

    report = lint(load(name))
    print_report(report, console)
    return report.is_ok


def lint(assignment: Assignment, seed: int = 0) -> LintReport:
    """Look at everything.

    Parameters
    ----------
    assignment : Assignment
    seed : int, default 0
        Of the first draw of the hidden inputs.

    Returns
    -------
    LintReport

    Raises
    ------
    AssignmentError
        If its files are not what they must be.
    """
    start = time.perf_counter()
    bank = banks.load(assignment)
    right = bank.candidate()
    files = {assignment.public_tests: "public", assignment.hidden_tests: "hidden"}
    cases = collect(assignment.folder, files)
    probed = statement.probes(bank, seed)
    found = ideas.draws(assignment, bank, seed)
    separated, smallest = ideas.separated(bank, found)
    fates = mutation.fates(assignment, seed)
    checks = (
        answers.full_marks(assignment, right, seed),
        answers.stub(assignment, seed),
        statement.points(assignment, cases),
        answers.trivial(assignment, right, seed),
        statement.sections(assignment, bank),
        statement.sentences(bank),
        probed,
        ideas.losing(bank, found),
        separated,
        answers.rounded(assignment, right, seed),
        ideas.clear(bank, found),
        ideas.faults(found),
        mutation.check(fates),
    )
    rows = ideas.rows(bank, found)
    return LintReport(assignment.name, checks, cases, rows, smallest, fates, time.perf_counter() - start)
