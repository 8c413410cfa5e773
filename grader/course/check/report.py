"""The findings at the terminal: a group for each folder, a line each with its remedy, the count last."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from rich.console import Console
from rich.table import Table
from rich.text import Text

from grader.course.check.records import Finding
from grader.report.terminal import as_shown
from grader.sandbox.text import clean_line

#: Findings of one kind in one folder that are shown.
MOST_SHOWN = 20
_STYLES = {"error": "bold red", "warning": "bold yellow", "note": "dim"}


def print_findings(found: Sequence[Finding], course: Path, console: Console) -> None:
    """Print them all, the worst of each folder first."""
    for group in dict.fromkeys(map(_folder, found)):
        console.print(_line(console, group, "bold"))
        for severity in _STYLES:
            same = [one for one in found if _folder(one) == group and one.severity == severity]
            _print_some(same, severity, console)
        console.print()
    counts = {severity: sum(one.severity == severity for one in found) for severity in _STYLES}
    counted = [f"{count} {severity}{'s' * (count > 1)}" for severity, count in counts.items() if count]
    verdict = ", ".join(counted) or "All is well"
    style = "bold red" if counts["error"] else "bold green"
    console.print(_line(console, f"{verdict}: {course.resolve()}", style))


def _print_some(found: list[Finding], severity: str, console: Console) -> None:
    rows = Table.grid(padding=(0, 1))
    rows.add_column(width=9, no_wrap=True)
    rows.add_column()
    for finding in found[:MOST_SHOWN]:
        sentence = _line(console, f"{finding.place}: {finding.sentence}")
        sentence.stylize("bold", 0, len(finding.place))
        rows.add_row(Text(f"  {severity}", style=_STYLES[severity]), sentence)
        rows.add_row("", _line(console, f"-> {finding.remedy}", "dim"))
    if len(found) > MOST_SHOWN:
        rows.add_row("", _line(console, f"and {len(found) - MOST_SHOWN} more"))
    console.print(rows)


def _folder(finding: Finding) -> str:
    """Of the course, or the exchange's."""
    top, _, below = finding.place.partition("/")
    return top or "the exchange" if below else "the course"


def _line(console: Console, text: str, style: str = "") -> Text:
    return Text(as_shown(console, clean_line(text, 1000)), style=style, overflow="fold")
