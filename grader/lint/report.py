"""The lint at the terminal: a line a check, the table of cases and ideas, the mutants that no case catches.

Fits 80 columns and says nothing by colour alone; on a terminal without Unicode the signs become letters.
"""

from __future__ import annotations

import math
import operator
from collections.abc import Iterator, Sequence
from itertools import groupby, pairwise

from rich.console import Console
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from grader.case import Case
from grader.lint.records import CAUGHT, CRASHED, LET_THROUGH, SAME, Check, Fate, IdeaRow, LintReport
from grader.report.summary import number
from grader.report.terminal import as_shown

#: Problems of one check, and mutants, that are shown.
MOST_SHOWN = 20
_WIDE = 96  # columns of a terminal with room for the margins
_TAIL, _TAIL_WIDE = 7, 16  # columns of the numbers after the marks, with a space before the marks
_MARKS = {
    CAUGHT: ("bold green", "a wrong value caught"),
    CRASHED: ("bold yellow", "a call that fails"),
    LET_THROUGH: ("bold magenta", "let through"),
    SAME: ("dim", "as the solution"),
}


def print_report(report: LintReport, console: Console) -> None:
    """Print all of a report: the checks first, what is to be read about them after."""
    for check in report.checks:
        _print_check(check, console)
    console.print()
    _print_table(report, console)
    console.print()
    _print_smallest(report, console)
    _print_mutants(report.fates, console)
    missing = sum(not check.is_ok for check in report.checks)
    verdict = f"{missing} of {len(report.checks)} checks missing" if missing else "All is well"
    style = "bold red" if missing else "bold green"
    console.print(_line(console, f"\n{verdict}: {report.name}, {report.seconds:.0f} s", style))


# ------------------------------------------------------------------ the checks
def _print_check(check: Check, console: Console) -> None:
    rows = Table.grid(padding=(0, 1))
    rows.add_column(width=7, no_wrap=True)
    rows.add_column()
    word, style = ("ok", "bold green") if check.is_ok else ("missing", "bold red")
    rows.add_row(Text(word, style=style), _line(console, f"{check.title}: {check.detail}"))
    for problem in _cut(check.problems):
        rows.add_row("", _line(console, problem, "red"))
    console.print(rows)


def _cut(texts: Sequence[str]) -> list[str]:
    left = len(texts) - MOST_SHOWN
    return [*texts[:MOST_SHOWN], *([f"and {left} more"] if left > 0 else [])]


# ------------------------------------------------------------------ cases and ideas
def _print_table(report: LintReport, console: Console) -> None:
    """One row an idea, one column a case; the smallest set's cases are marked above.

    A name that has no room is cut: the marks are not.
    """
    if not report.rows:
        return
    is_wide = console.width >= _WIDE
    taken = len(_grouped(report.rows[0].marks, report.cases)) + (_TAIL_WIDE if is_wide else _TAIL)
    name_width = max(4, min(console.width - taken, max(len(row.idea.name) for row in report.rows)))
    for text in _heads(report, name_width, is_wide):
        console.print(_line(console, text, "bold"), no_wrap=True, overflow="ignore")
    kind = "misconception"
    for row in report.rows:
        if row.idea.kind != kind:
            kind = row.idea.kind
            console.print(_line(console, "other conventions", "dim"))
        console.print(_row(row, report.cases, name_width, is_wide, console), no_wrap=True, overflow="ignore")
    console.print()
    for text in _legend(report.cases):
        console.print(_line(console, text, "dim"))
    signs = [Text.assemble((sign, style), f" {words}") for sign, (style, words) in _MARKS.items()]
    console.print(_plain(console, Text("   ").join(signs)))
    console.print(_line(console, "*: the smallest set; lost: points, in the draw that loses fewest", "dim"))
    if is_wide:
        console.print(_line(console, "margin: the smallest wrong difference caught, in tolerances", "dim"))


def _heads(report: LintReport, name_width: int, is_wide: bool) -> Iterator[str]:
    """The numbers of the cases, written downwards, and what the last columns hold."""
    places = range(1, len(report.cases) + 1)
    chosen = ["*" if place - 1 in report.smallest.places else " " for place in places]
    tens = [str(place // 10) if place >= 10 else " " for place in places]
    ones = [str(place % 10) for place in places]
    for digits in (chosen, tens)[: 1 + (len(report.cases) > 9)]:
        yield f"{'':{name_width}} {_grouped(digits, report.cases)}"
    tail = "  lost   margin" if is_wide else "  lost"
    yield f"{'idea':{name_width}} {_grouped(ones, report.cases)}{tail}"


def _grouped(signs: Sequence[str], cases: Sequence[Case]) -> str:
    """Signs of cases with a gap between rubric items, a wide one between public and hidden cases."""
    found = signs[0] if signs else ""
    for sign, (last, case) in zip(signs[1:], pairwise(cases), strict=True):
        gap = "  " if case.visibility != last.visibility else " " if case.rubric != last.rubric else ""
        found += gap + sign
    return found


def _row(row: IdeaRow, cases: Sequence[Case], name_width: int, is_wide: bool, console: Console) -> Text:
    text = Text(f"{row.idea.name[:name_width]:{name_width}} ")
    for sign in _grouped(row.marks, cases):
        text.append(sign, _MARKS[sign][0] if sign in _MARKS else "")
    numbers = f" {number(row.lost):>5}" + (f" {_tolerances(row.margin):>8}" if is_wide else "")
    text.append(numbers, "" if row.lost else "bold red")
    return _plain(console, text)


def _tolerances(margin: float) -> str:
    """A margin in few characters; integers, shapes and types are compared exactly."""
    return "exact" if math.isinf(margin) else f"{margin:.1e}" if margin >= 1000 else f"{margin:.3g}"


def _legend(cases: Sequence[Case]) -> Iterator[str]:
    """The names behind the numbers, a line a rubric item."""
    key = operator.attrgetter("visibility", "rubric")
    for (visibility, rubric), group in groupby(enumerate(cases, 1), key=lambda pair: key(pair[1])):
        names = ", ".join(f"{place}:{case.name.removeprefix('test_')}" for place, case in group)
        yield f"{rubric} ({visibility}): {names}"


def _print_smallest(report: LintReport, console: Console) -> None:
    chosen = report.smallest
    cases = [(place + 1, report.cases[place].name.removeprefix("test_")) for place in chosen.places]
    names = ", ".join(f"{place}:{name}" for place, name in cases)
    proof = "no smaller set does" if chosen.is_proven else "a smaller one may exist"
    words = f"{len(chosen.places)} of {len(report.cases)} cases tell all ideas apart ({proof}): {names}"
    console.print(_line(console, words))


# ------------------------------------------------------------------ mutants
def _print_mutants(fates: Sequence[Fate], console: Console) -> None:
    """Each as the line that differs, with a call that shows it."""
    survivors = [fate for fate in fates if fate.is_survivor]
    if survivors:
        console.print(_line(console, "\nMutants that no hidden case catches:", "bold"))
    for fate in survivors[:MOST_SHOWN]:
        mutant = fate.mutant
        console.print(_line(console, mutant.place, "bold"))
        _print_below(f"- {mutant.before}", "red", console)
        _print_below(f"+ {mutant.after}", "green", console)
        _print_below(f"not with seed {fate.seed}; another answer to {fate.witness}", "dim", console)
    if len(survivors) > MOST_SHOWN:
        console.print(_line(console, f"and {len(survivors) - MOST_SHOWN} more"))
    equal = [f"{fate.mutant.place}: {fate.mutant.after}" for fate in fates if fate.is_equal]
    if equal:
        console.print(_line(console, "\nProbably equal to the solution, as no probe tells them apart:"))
    for text in _cut(equal):
        _print_below(text, "dim", console)


def _print_below(text: str, style: str, console: Console) -> None:
    console.print(Padding(_line(console, text, style), (0, 0, 0, 2), expand=False))


# ------------------------------------------------------------------ text
def _line(console: Console, text: str, style: str = "") -> Text:
    return _plain(console, Text(text, style=style, overflow="fold"))


def _plain(console: Console, text: Text) -> Text:
    """`text` as this terminal can show it."""
    shown = text.copy()
    shown.plain = as_shown(console, text.plain)
    return shown
