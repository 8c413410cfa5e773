"""Grades and feedback back into Canvas or Moodle."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from grader.commands import GRADED, INCOMPLETE, command

if TYPE_CHECKING:
    from rich.console import Console

    from grader.platforms.lms import Told


def add_to(verbs: Any) -> None:
    for name, run, csv in (
        ("canvas", canvas, "Canvas's gradebook, as it was exported"),
        ("moodle", moodle, "the assignment's grading worksheet, or the gradebook, as it was exported"),
    ):
        text = f"write grades and feedback of a graded class as {name.capitalize()} takes them"
        verb = command(verbs, name, text, run)
        verb.add_argument("graded", type=Path, metavar="GRADED", help="the folder that roikit grade wrote")
        verb.add_argument("csv", type=Path, metavar="CSV", help=csv)
        verb.add_argument(
            "--output", type=Path, required=True, metavar="DIR", help="grades.csv and feedback.zip go there"
        )
        verb.add_argument(
            "--column", metavar="NAME", help="of the grades (default: the one named after the assignment)"
        )


def canvas(console: Console, graded: Path, csv: Path, output: Path, column: str | None = None) -> int:
    """Write what Canvas imports."""
    from grader.platforms.canvas import CANVAS
    from grader.platforms.lms import hand_back

    return _say(console, hand_back(CANVAS, graded, csv, output, column))


def moodle(console: Console, graded: Path, csv: Path, output: Path, column: str | None = None) -> int:
    """Write what Moodle imports."""
    from grader.platforms.lms import hand_back
    from grader.platforms.moodle import MOODLE

    return _say(console, hand_back(MOODLE, graded, csv, output, column))


def _say(console: Console, told: Told) -> int:
    from grader.sandbox.text import clean_line

    for text, style in _lines(told):
        console.print(clean_line(text, len(text)), style=style, markup=False, highlight=False, soft_wrap=True)
    return GRADED if told.is_complete else INCOMPLETE


def _lines(told: Told) -> list[tuple[str, str]]:
    """What is said, and how: where it is, what changes, who needs a person to look."""
    system, matches, sheet = told.system.name, told.matches, told.sheet
    notes = [
        ("Left as it was (excused, or not assigned)", [f"{name} ({cell})" for name, cell in told.kept]),
        (f"Columns left out, since a spreadsheet might run them; {system} keeps its own", sheet.left_out),
        (f"In {sheet.table.name}, not graded: left as it was", [person.label for person in matches.left]),
    ]
    problems = [
        ("Not graded by roikit: left as it was", told.not_graded),
        (f"Graded, and not in {sheet.table.name}", matches.unknown),
        (f"Not one person of {sheet.table.name} for certain: not written", matches.ambiguous),
        ("Rows left out, since a spreadsheet might run what identifies them: enter by hand", told.withheld),
        (f"No page in the zip, since no name is known that {system} takes", told.without_name),
        (_above(told), told.too_many),
    ]
    return [(text, "") for text in _numbers(told)] + _listed(notes, "dim") + _listed(problems, "bold red")


def _numbers(told: Told) -> list[str]:
    from grader.report.summary import number

    matches, sheet, graded = told.matches, told.sheet, told.graded
    rules = ", ".join(f"{count} by {rule}" for rule, count in Counter(matches.rules.values()).most_common())
    changes = f"{len(told.new)} new, {len(told.changed)} changed ({told.lower} lower)"
    lines = [
        f"Found: {len(matches.found)} of {len(graded.students)} graded students: {rules or 'none'}",
        f"Grades: {told.grades}: {sheet.table.header[sheet.score]}: {changes}, {len(told.same)} as they were",
        *(f"  {student}: {before} becomes {after}" for student, before, after in told.changed),
        f"Feedback: {told.feedback}: {told.pages} pages",
    ]
    if sheet.maximum != graded.max_score:
        ours = number(graded.max_score)
        known = f"{told.system.name}'s maximum is {number(sheet.maximum)}, roikit's is {ours}"
        what = known if sheet.maximum is not None else f"roikit's maximum is {ours}"
        missing = f", without the {number(graded.by_hand)} given by hand: add them there"
        lines.append(f"{what}: points are written as they are{missing if graded.by_hand else ''}")
    return lines


def _above(told: Told) -> str:
    what = "takes it" if told.system.takes_more else "does not take it"
    return f"Above the maximum; {told.system.name} {what}"


def _listed(groups: Sequence[tuple[str, Sequence[str]]], style: str) -> list[tuple[str, str]]:
    return [(f"{what}: {', '.join(names)}", style) for what, names in groups if names]
